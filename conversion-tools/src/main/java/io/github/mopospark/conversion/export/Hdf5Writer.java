package io.github.mopospark.conversion.export;

import static org.bytedeco.hdf5.global.hdf5.*;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.bytedeco.hdf5.H5E_auto2_t;
import org.bytedeco.hdf5.H5E_error2_t;
import org.bytedeco.hdf5.H5E_walk2_t;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.LongPointer;
import org.bytedeco.javacpp.Pointer;

/**
 * A new HDF5 file, written with the C library: datasets that grow by rows. The library is not safe for use by several threads, so
 * one file at a time is written.
 */
final class Hdf5Writer implements AutoCloseable {
    /** What h5py compresses with if not told otherwise. */
    private static final int DEFLATE_LEVEL = 4;

    /** Few enough that the chunk which one append begins and the next one fills costs little to compress twice. */
    private static final long CHUNK_BYTES = 1 << 18;

    /** Half the entries of a node of a dataset's chunk index; the library's 32 would take 2.6 kB of each short episode's columns. */
    private static final int CHUNK_INDEX_RANK = 4;

    /**
     * More than the library holds in memory. Where it cannot write that when it closes a dataset, it takes the JVM down as it ends,
     * so a full disk must give way before.
     */
    private static final int RESERVE_BYTES = 1 << 23;

    private final Path path;

    /** Takes space beside the file until that is closed. */
    private final Path reserve;

    private final long file;
    private final long flagType;
    private boolean isOpen;

    /** Something of the library's that must be closed. */
    private final class Handle implements AutoCloseable {
        private final long id;
        private final Closer closer;
        private final String call;

        Handle(long id, String opener, Closer closer, String call) throws IOException {
            this.id = requireId(id, opener);
            this.closer = closer;
            this.call = call;
        }

        @Override
        public void close() throws IOException {
            require(closer.close(id), call);
        }
    }

    private interface Closer {
        int close(long id);
    }

    /**
     * Creates a file.
     *
     * @param path where; nothing may be there, nor at the same path with {@code .reserve} behind it
     * @throws IOException if it cannot be created
     */
    Hdf5Writer(Path path) throws IOException {
        this.path = path;
        require(H5open(), "H5open");
        require(H5Eset_auto2(H5E_DEFAULT(), (H5E_auto2_t) null, null), "H5Eset_auto2");
        this.reserve = path.resolveSibling(path.getFileName() + ".reserve");
        boolean isCreated = false;
        try {
            reserve();
            this.file = create();
            this.isOpen = true;
            this.flagType = flagType();
            isCreated = true;
        } finally {
            if (!isCreated) {
                close();
            }
        }
    }

    private void reserve() throws IOException {
        try {
            reserve.toFile().deleteOnExit();
            Files.write(reserve, new byte[RESERVE_BYTES], StandardOpenOption.CREATE_NEW);
        } catch (IOException e) {
            throw new IOException(
                    "%s: cannot be written (%s); %,d bytes are needed besides the file's own"
                            .formatted(reserve, e.getMessage(), RESERVE_BYTES),
                    e);
        }
    }

    private long create() throws IOException {
        try (Handle creation = propertyList(H5P_CLS_FILE_CREATE_ID_g());
                Handle access = propertyList(H5P_CLS_FILE_ACCESS_ID_g())) {
            require(H5Pset_istore_k(creation.id, CHUNK_INDEX_RANK), "H5Pset_istore_k");
            // Closing the file closes what a failure left open in it.
            require(H5Pset_fclose_degree(access.id, H5F_CLOSE_STRONG), "H5Pset_fclose_degree");
            // Nobody else knows the file yet, and some network file systems have no locks.
            require(H5Pset_file_locking(access.id, false, true), "H5Pset_file_locking");
            return requireId(H5Fcreate(path.toString(), H5F_ACC_EXCL(), creation.id, access.id), "H5Fcreate");
        }
    }

    /** What h5py takes for a boolean. */
    private long flagType() throws IOException {
        long type = requireId(H5Tenum_create(H5T_STD_I8LE_g()), "H5Tenum_create");
        try (BytePointer value = new BytePointer(1)) {
            require(H5Tenum_insert(type, "FALSE", value.put((byte) 0)), "H5Tenum_insert");
            require(H5Tenum_insert(type, "TRUE", value.put((byte) 1)), "H5Tenum_insert");
        }
        return type;
    }

    private Handle propertyList(long type) throws IOException {
        return new Handle(H5Pcreate(type), "H5Pcreate", id -> H5Pclose(id), "H5Pclose");
    }

    /**
     * Creates a group.
     *
     * @param name its path
     * @throws IOException if it cannot be created
     */
    void group(String name) throws IOException {
        long group = H5Gcreate2(file, name, H5P_DEFAULT(), H5P_DEFAULT(), H5P_DEFAULT());
        new Handle(group, "H5Gcreate2 of " + name, id -> H5Gclose(id), "H5Gclose").close();
    }

    /**
     * Writes a 64-bit integer as an attribute.
     *
     * @param group the path of the group that takes it, / for the file
     * @param name its name
     * @param value its value
     * @throws IOException if it cannot be written
     */
    void attribute(String group, String name, long value) throws IOException {
        String place = " of " + group + "/" + name;
        try (Handle holder = new Handle(
                        H5Gopen2(file, group, H5P_DEFAULT()), "H5Gopen2" + place, id -> H5Gclose(id), "H5Gclose");
                Handle scalar = new Handle(H5Screate(H5S_SCALAR), "H5Screate", id -> H5Sclose(id), "H5Sclose");
                Handle attribute = new Handle(
                        H5Acreate2(holder.id, name, H5T_STD_I64LE_g(), scalar.id, H5P_DEFAULT(), H5P_DEFAULT()),
                        "H5Acreate2" + place,
                        id -> H5Aclose(id),
                        "H5Aclose");
                LongPointer content = new LongPointer(1).put(value)) {
            require(H5Awrite(attribute.id, H5T_NATIVE_INT64_g(), content), "H5Awrite" + place);
        }
    }

    /**
     * Creates a dataset of floats, {@code [rows, width]}.
     *
     * @param name its path
     * @param width numbers in a row
     * @param chunkRows how many rows a chunk may have
     * @return the dataset, without rows
     * @throws IOException if it cannot be created
     */
    Column matrix(String name, int width, long chunkRows) throws IOException {
        return new Column(name, H5T_IEEE_F32LE_g(), H5T_NATIVE_FLOAT_g(), 2, width, Float.BYTES, chunkRows);
    }

    /**
     * Creates a dataset of floats, {@code [rows]}.
     *
     * @param name its path
     * @param chunkRows how many rows a chunk may have
     * @return the dataset, without rows
     * @throws IOException if it cannot be created
     */
    Column vector(String name, long chunkRows) throws IOException {
        return new Column(name, H5T_IEEE_F32LE_g(), H5T_NATIVE_FLOAT_g(), 1, 1, Float.BYTES, chunkRows);
    }

    /**
     * Creates a dataset of booleans, {@code [rows]}.
     *
     * @param name its path
     * @param chunkRows how many rows a chunk may have
     * @return the dataset, without rows
     * @throws IOException if it cannot be created
     */
    Column flags(String name, long chunkRows) throws IOException {
        return new Column(name, flagType, flagType, 1, 1, Byte.BYTES, chunkRows);
    }

    /** A dataset that rows are appended to. */
    final class Column implements AutoCloseable {
        private final String name;
        private final long memoryType;
        private final int rank;
        private final int width;
        private final Handle dataset;
        private long rows;

        private Column(String name, long type, long memoryType, int rank, int width, int elementBytes, long chunkRows)
                throws IOException {
            this.name = name;
            this.memoryType = memoryType;
            this.rank = rank;
            this.width = width;
            long largest = Math.max(1, CHUNK_BYTES / ((long) width * elementBytes));
            try (Handle space = new Handle(
                            H5Screate_simple(rank, shape(0), shape(H5S_UNLIMITED)),
                            "H5Screate_simple",
                            id -> H5Sclose(id),
                            "H5Sclose");
                    Handle creation = propertyList(H5P_CLS_DATASET_CREATE_ID_g());
                    Handle access = propertyList(H5P_CLS_DATASET_ACCESS_ID_g())) {
                require(H5Pset_chunk(creation.id, rank, shape(Math.min(largest, chunkRows))), "H5Pset_chunk");
                // Chunks are written as they come, so that closing has none to write; see RESERVE_BYTES.
                require(H5Pset_chunk_cache(access.id, 0, 0, 0), "H5Pset_chunk_cache");
                require(H5Pset_deflate(creation.id, DEFLATE_LEVEL), "H5Pset_deflate");
                this.dataset = new Handle(
                        H5Dcreate2(file, name, type, space.id, H5P_DEFAULT(), creation.id, access.id),
                        "H5Dcreate2 of " + name,
                        id -> H5Dclose(id),
                        "H5Dclose of " + name);
            }
        }

        private long[] shape(long count) {
            return rank == 1 ? new long[] {count} : new long[] {count, width};
        }

        /** Rows appended so far. */
        long rows() {
            return rows;
        }

        /**
         * Appends rows of floats.
         *
         * @param values {@code [rows, width]}, row-major
         * @param from the first row to take
         * @param count how many
         * @throws IOException if they cannot be written
         */
        void append(float[] values, int from, int count) throws IOException {
            int numbers = Math.multiplyExact(count, width);
            try (FloatPointer content = new FloatPointer(numbers)) {
                append(content.put(values, from * width, numbers), count);
            }
        }

        /**
         * Appends rows of flags.
         *
         * @param values {@code [rows]}
         * @param from the first row to take
         * @param count how many
         * @throws IOException if they cannot be written
         */
        void append(boolean[] values, int from, int count) throws IOException {
            byte[] bytes = new byte[count];
            for (int i = 0; i < count; i++) {
                bytes[i] = (byte) (values[from + i] ? 1 : 0);
            }
            try (BytePointer content = new BytePointer(count)) {
                append(content.put(bytes, 0, count), count);
            }
        }

        private void append(Pointer content, int count) throws IOException {
            String place = " of " + name;
            long[] start = new long[rank];
            start[0] = rows;
            require(H5Dset_extent(dataset.id, shape(rows + count)), "H5Dset_extent" + place);
            try (Handle target = new Handle(
                            H5Dget_space(dataset.id), "H5Dget_space" + place, id -> H5Sclose(id), "H5Sclose");
                    Handle memory = new Handle(
                            H5Screate_simple(rank, shape(count), (long[]) null),
                            "H5Screate_simple",
                            id -> H5Sclose(id),
                            "H5Sclose")) {
                require(
                        H5Sselect_hyperslab(target.id, H5S_SELECT_SET, start, null, shape(count), null),
                        "H5Sselect_hyperslab" + place);
                require(
                        H5Dwrite(dataset.id, memoryType, memory.id, target.id, H5P_DEFAULT(), content),
                        "H5Dwrite" + place);
            }
            rows += count;
        }

        @Override
        public void close() throws IOException {
            dataset.close();
        }
    }

    /**
     * Closes the file.
     *
     * @throws IOException if what was still in memory cannot be written
     */
    void finish() throws IOException {
        require(H5Fflush(file, H5F_SCOPE_GLOBAL), "H5Fflush");
        isOpen = false;
        require(H5Tclose(flagType), "H5Tclose");
        require(H5Fclose(file), "H5Fclose");
        Files.delete(reserve);
    }

    /** Closes a file that was not finished; it is of no use then, so errors are not told. */
    @Override
    public void close() {
        try {
            Files.deleteIfExists(reserve);
        } catch (IOException e) {
            // What failed before is being told, and says more.
        }
        if (isOpen) {
            isOpen = false;
            H5Tclose(flagType);
            H5Fclose(file);
        }
    }

    private long requireId(long id, String call) throws IOException {
        if (id < 0) {
            throw failed(call);
        }
        return id;
    }

    private void require(int status, String call) throws IOException {
        if (status < 0) {
            throw failed(call);
        }
    }

    private IOException failed(String call) {
        try (Reason reason = new Reason()) {
            H5Ewalk2(H5E_DEFAULT(), H5E_WALK_UPWARD, reason, null);
            return new IOException("%s: HDF5's %s failed: %s".formatted(path, call, reason.text));
        }
    }

    /** Takes the innermost entry of the library's error stack. */
    private static final class Reason extends H5E_walk2_t {
        private String text = "no reason given";

        @Override
        public int call(int depth, H5E_error2_t error, Pointer data) {
            if (depth == 0) {
                // A reason can have lines.
                text = error.desc().getString().replaceAll("\\s+", " ");
            }
            return 0;
        }
    }
}
