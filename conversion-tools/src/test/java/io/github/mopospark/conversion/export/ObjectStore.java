package io.github.mopospark.conversion.export;

import java.net.URI;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;

/** Local files under a scheme of their own, which no code can know: taken for an object store. */
public final class ObjectStore extends RawLocalFileSystem {
    @Override
    public URI getUri() {
        return URI.create("objects:///");
    }

    @Override
    protected void checkPath(Path path) {
        if (path.toUri().getScheme() != null && !path.toUri().getScheme().equals("objects")) {
            throw new IllegalArgumentException("not of this file system: " + path);
        }
    }
}
