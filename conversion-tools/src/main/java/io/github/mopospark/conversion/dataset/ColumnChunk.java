package io.github.mopospark.conversion.dataset;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.parquet.bytes.BytesInput;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.Encoding;
import org.apache.parquet.column.statistics.Statistics;
import org.apache.parquet.compression.CompressionCodecFactory;
import org.apache.parquet.compression.CompressionCodecFactory.BytesInputCompressor;
import org.apache.parquet.hadoop.ParquetFileWriter;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;

/** The pages of one column of a part. Compressed with Snappy if that takes a tenth off the first page, else not. */
final class ColumnChunk {
    private static final double WORTHWHILE = 0.9;

    private final ColumnDescriptor column;
    private final CompressionCodecFactory codecs;
    private final List<Page> pages = new ArrayList<>();
    private BytesInputCompressor compressor;
    private long values;

    private record Page(BytesInput bytes, int uncompressedBytes, int values, long rows, Statistics<?> statistics) {}

    ColumnChunk(ColumnDescriptor column, CompressionCodecFactory codecs) {
        this.column = column;
        this.codecs = codecs;
    }

    /** New statistics for a page. */
    Statistics<?> statistics() {
        return Statistics.createStats(column.getPrimitiveType());
    }

    /**
     * Adds a page.
     *
     * @param content levels and values, not compressed
     * @param count values in it, nulls among them
     * @param rows rows in it
     * @param statistics of its values
     */
    void add(BytesInput content, int count, long rows, Statistics<?> statistics) throws IOException {
        if (compressor == null) {
            compressor = codecs.getCompressor(CompressionCodecName.SNAPPY);
            if (compressor.compress(content).size() > WORTHWHILE * content.size()) {
                compressor = codecs.getCompressor(CompressionCodecName.UNCOMPRESSED);
            }
        }
        // The compressor's buffer is its own, so what it gives is copied; what it does not touch is the page's already.
        boolean isCompressed = compressor.getCodecName() != CompressionCodecName.UNCOMPRESSED;
        BytesInput bytes = isCompressed ? BytesInput.copy(compressor.compress(content)) : content;
        pages.add(new Page(bytes, Math.toIntExact(content.size()), count, rows, statistics));
        values += count;
    }

    void writeTo(ParquetFileWriter writer) throws IOException {
        writer.startColumn(column, values, compressor.getCodecName());
        for (Page page : pages) {
            writer.writeDataPage(
                    page.values,
                    page.uncompressedBytes,
                    page.bytes,
                    page.statistics,
                    page.rows,
                    Encoding.RLE,
                    Encoding.RLE,
                    Encoding.PLAIN);
        }
        writer.endColumn();
    }
}
