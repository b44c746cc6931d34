package io.github.mopospark.conversion.dataset;

import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Type.Repetition;
import org.apache.parquet.schema.Types;

/** The columns of a dataset's Parquet parts. Lists have Parquet's three levels, so that every reader takes them as lists. */
final class TransitionSchema {
    /** Raised with every change of the columns or of {@code dataset.json}. */
    static final int VERSION = 1;

    static final int EPISODE = 0;
    static final int STEP = 1;
    static final int OBSERVATION = 2;
    static final int ACTION = 3;
    static final int REWARD = 4;
    static final int NEXT_OBSERVATION = 5;
    static final int TERMINAL = 6;
    static final int TIMEOUT = 7;

    static final MessageType COLUMNS = Types.buildMessage()
            .required(PrimitiveTypeName.INT64)
            .named("episode")
            .required(PrimitiveTypeName.INT32)
            .named("step")
            .addField(floats("observation", Repetition.REQUIRED))
            .addField(floats("action", Repetition.REQUIRED))
            .required(PrimitiveTypeName.FLOAT)
            .named("reward")
            .addField(floats("next_observation", Repetition.OPTIONAL))
            .required(PrimitiveTypeName.BOOLEAN)
            .named("terminal")
            .required(PrimitiveTypeName.BOOLEAN)
            .named("timeout")
            .named("transition");

    /** The keys that a part's footer carries. */
    static final String FOOTER_VERSION = "mopo.schema_version";

    static final String FOOTER_TASK = "mopo.task";
    static final String FOOTER_OBSERVATION_SIZE = "mopo.observation_size";
    static final String FOOTER_ACTION_SIZE = "mopo.action_size";
    static final String FOOTER_SOURCES = "mopo.sources";

    private TransitionSchema() {}

    private static org.apache.parquet.schema.Type floats(String name, Repetition repetition) {
        return Types.buildGroup(repetition)
                .as(LogicalTypeAnnotation.listType())
                .repeatedGroup()
                .required(PrimitiveTypeName.FLOAT)
                .named("element")
                .named("list")
                .named(name);
    }

    /** The leaf column of a field. */
    static ColumnDescriptor column(int field) {
        String name = COLUMNS.getFieldName(field);
        return COLUMNS.getType(field).isPrimitive()
                ? COLUMNS.getColumnDescription(new String[] {name})
                : COLUMNS.getColumnDescription(new String[] {name, "list", "element"});
    }
}
