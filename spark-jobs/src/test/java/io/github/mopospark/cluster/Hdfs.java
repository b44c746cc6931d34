package io.github.mopospark.cluster;

import java.io.IOException;
import java.nio.file.Path;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.hdfs.MiniDFSCluster;

/** A real HDFS: a NameNode and a DataNode on 127.0.0.1, in this JVM. */
public final class Hdfs implements AutoCloseable {
    private final Configuration configuration = new Configuration();
    private final MiniDFSCluster cluster;

    /**
     * Starts it and waits until it takes files.
     *
     * @param folder takes its blocks
     * @throws IOException if it cannot be started
     */
    public Hdfs(Path folder) throws IOException {
        configuration.set(MiniDFSCluster.HDFS_MINIDFS_BASEDIR, folder.toString());
        this.cluster = new MiniDFSCluster.Builder(configuration).numDataNodes(1).build();
        cluster.waitActive();
    }

    /**
     * Its address.
     *
     * @return {@code hdfs://127.0.0.1:PORT}
     */
    public String uri() {
        return cluster.getURI().toString();
    }

    /**
     * Hadoop's settings.
     *
     * @return a configuration with which paths on it can be opened
     */
    public Configuration configuration() {
        return configuration;
    }

    /**
     * Its files.
     *
     * @return the file system
     * @throws IOException if it cannot be reached
     */
    public FileSystem files() throws IOException {
        return cluster.getFileSystem();
    }

    @Override
    public void close() {
        cluster.shutdown();
    }
}
