package io.github.mopospark.cluster;

import java.net.URI;
import org.apache.hadoop.fs.RawLocalFileSystem;

/** Local files under a scheme of their own. */
public abstract class SchemedFileSystem extends RawLocalFileSystem {
    /** Asked before a field of a subclass is set. */
    @Override
    public abstract String getScheme();

    @Override
    public final URI getUri() {
        return URI.create(getScheme() + ":///");
    }
}
