package io.github.mopospark.jobs;

import io.github.mopospark.conversion.DatasetException;
import io.github.mopospark.conversion.dataset.Storage;
import io.github.mopospark.conversion.hdf5.TransitionFile;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.StringTokenizer;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.spark.SparkEnv;

/**
 * Local copies of remote files, one an executor: jHDF needs to seek in a local file. Copies are named by their SHA-256, the
 * least recently used go when there are too many bytes, and all go when the JVM ends.
 */
final class StagedFiles {
    /** How many bytes of copies an executor keeps. */
    static final String MAX_BYTES = "spark.mopo.staging.maxBytes";

    static final String DEFAULT_MAX_BYTES = "32g";

    private static final int BUFFER_BYTES = 1 << 20;

    private final Path folder;
    private final long maxBytes;
    private final Storage storage;

    /** An open file, and what its bytes hash to. */
    record Opened(TransitionFile file, String sha256) {}

    private record Copy(Path path, String sha256) {}

    StagedFiles(Path folder, long maxBytes, Configuration configuration) {
        this.folder = folder;
        this.maxBytes = maxBytes;
        this.storage = new Storage(configuration);
    }

    /** Those of the executor, or the driver, that this runs in. */
    static StagedFiles ofThisExecutor(Configuration configuration) {
        SparkEnv environment = SparkEnv.get();
        String application = environment.conf().getAppId();
        Path folder = localDirectory(environment).resolve("mopo-spark-" + application + "-" + environment.executorId());
        return new StagedFiles(folder, environment.conf().getSizeAsBytes(MAX_BYTES, DEFAULT_MAX_BYTES), configuration);
    }

    /** Where the cluster manager lets an executor write, and cleans up after it. */
    private static Path localDirectory(SparkEnv environment) {
        for (String variable : List.of("SPARK_EXECUTOR_DIRS", "LOCAL_DIRS", "SPARK_LOCAL_DIRS")) {
            String directories = System.getenv(variable);
            if (directories != null && !directories.isBlank()) {
                return first(directories);
            }
        }
        return first(environment.conf().get("spark.local.dir", System.getProperty("java.io.tmpdir")));
    }

    private static Path first(String directories) {
        return Path.of(new StringTokenizer(directories, File.pathSeparator + ",").nextToken());
    }

    /**
     * Opens a file, and hashes it.
     *
     * @throws DatasetException if it is too large for the copies, or no file of transitions
     * @throws IOException if it cannot be read or copied
     */
    Opened open(String uri) throws IOException {
        org.apache.hadoop.fs.Path source = new org.apache.hadoop.fs.Path(uri);
        FileSystem system = storage.of(source);
        if (Storage.isLocal(system)) {
            Path local = Path.of(storage.qualified(source).toUri());
            String sha256;
            try (InputStream in = Files.newInputStream(local)) {
                sha256 = copy(in, OutputStream.nullOutputStream());
            }
            return new Opened(TransitionFile.open(local, uri), sha256);
        }
        // Opened under the lock too: another task must not make room by deleting the copy in between.
        synchronized (StagedFiles.class) {
            Copy copy = stage(system, source);
            return new Opened(TransitionFile.open(copy.path, uri), copy.sha256);
        }
    }

    /**
     * Opens a file whose SHA-256 is known.
     *
     * @throws DatasetException if it is another file by now
     * @throws IOException if it cannot be read or copied
     */
    TransitionFile open(String uri, String sha256, long bytes, long modified) throws IOException {
        org.apache.hadoop.fs.Path source = new org.apache.hadoop.fs.Path(uri);
        FileSystem system = storage.of(source);
        FileStatus status = system.getFileStatus(source);
        if (status.getLen() != bytes || status.getModificationTime() != modified) {
            throw changed(uri);
        }
        if (Storage.isLocal(system)) {
            return TransitionFile.open(Path.of(storage.qualified(source).toUri()), uri);
        }
        synchronized (StagedFiles.class) {
            Path staged = staged(sha256);
            if (Files.exists(staged)) {
                Files.setLastModifiedTime(staged, FileTime.from(Instant.now()));
            } else if (!stage(system, source).sha256.equals(sha256)) {
                throw changed(uri);
            }
            return TransitionFile.open(staged, uri);
        }
    }

    private Path staged(String sha256) {
        return folder.resolve(sha256 + ".hdf5");
    }

    private static DatasetException changed(String uri) {
        return new DatasetException(uri + ": the file was changed while it was converted; convert it again");
    }

    private Copy stage(FileSystem system, org.apache.hadoop.fs.Path source) throws IOException {
        long bytes = system.getFileStatus(source).getLen();
        if (!Files.isDirectory(folder)) {
            Files.createDirectories(folder);
            folder.toFile().deleteOnExit();
        }
        makeRoom(source.toString(), bytes);
        Path part = Files.createTempFile(folder, "staging", ".part");
        try {
            String sha256;
            try (InputStream in = system.open(source);
                    OutputStream out = Files.newOutputStream(part)) {
                sha256 = copy(in, out);
            }
            Path staged = staged(sha256);
            staged.toFile().deleteOnExit();
            Files.move(part, staged, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
            return new Copy(staged, sha256);
        } finally {
            Files.deleteIfExists(part);
        }
    }

    private void makeRoom(String name, long bytes) throws IOException {
        if (bytes > maxBytes) {
            throw new DatasetException("%s has %,d bytes, more than the %,d that an executor stages; raise %s"
                    .formatted(name, bytes, maxBytes, MAX_BYTES));
        }
        List<Path> oldestFirst;
        try (Stream<Path> files = Files.list(folder)) {
            oldestFirst = files.sorted(
                            Comparator.comparing((Path path) -> path.toFile().lastModified()))
                    .toList();
        }
        long held = 0;
        for (Path file : oldestFirst) {
            held += Files.size(file);
        }
        for (Path file : oldestFirst) {
            if (held + bytes <= maxBytes) {
                return;
            }
            held -= Files.size(file);
            // A task that has it open goes on reading it; the bytes go when it is closed.
            Files.delete(file);
        }
    }

    /** Copies all, and tells its SHA-256, hexadecimal. */
    static String copy(InputStream in, OutputStream out) throws IOException {
        MessageDigest digest = Storage.sha256();
        byte[] buffer = new byte[BUFFER_BYTES];
        DigestInputStream hashed = new DigestInputStream(in, digest);
        for (int read = hashed.read(buffer); read >= 0; read = hashed.read(buffer)) {
            out.write(buffer, 0, read);
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    /** Deletes the copies of this executor. */
    void clear() throws IOException {
        synchronized (StagedFiles.class) {
            if (!Files.isDirectory(folder)) {
                return;
            }
            List<Path> files;
            try (Stream<Path> listed = Files.list(folder)) {
                files = listed.toList();
            }
            for (Path file : files) {
                Files.delete(file);
            }
            Files.delete(folder);
        }
    }
}
