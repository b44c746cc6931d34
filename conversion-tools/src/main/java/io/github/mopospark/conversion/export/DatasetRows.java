package io.github.mopospark.conversion.export;

import io.github.mopospark.conversion.Transitions;
import io.github.mopospark.conversion.dataset.DatasetFolder;
import io.github.mopospark.conversion.dataset.Manifest;
import java.io.IOException;
import java.util.Optional;

/** All rows of a dataset. A block never crosses parts: each part is read and checked as a whole. */
final class DatasetRows implements RowSource {
    private final DatasetFolder dataset;
    private final Manifest manifest;
    private final long blockRows;
    private int part;
    private long partEnd;
    private long row;

    DatasetRows(DatasetFolder dataset, Manifest manifest, long blockRows) {
        this.dataset = dataset;
        this.manifest = manifest;
        this.blockRows = blockRows;
    }

    @Override
    public Optional<Transitions> next() throws IOException {
        if (row == manifest.rows()) {
            return Optional.empty();
        }
        while (row == partEnd) {
            partEnd += manifest.parts().get(part).rows();
            part++;
        }
        long end = Math.min(partEnd, row + blockRows);
        Transitions rows = dataset.read(manifest, row, end);
        row = end;
        return Optional.of(rows);
    }
}
