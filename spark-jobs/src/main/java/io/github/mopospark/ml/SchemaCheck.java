package io.github.mopospark.ml;

import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.Params;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.Metadata;
import org.apache.spark.sql.types.NumericType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * Checks the columns that parameters name.
 *
 * @param owner whose parameters
 * @param schema a DataFrame's
 */
record SchemaCheck(Params owner, StructType schema) {
    /** That a column has lists of numbers: an array of float or double, or MLlib's vectors. */
    void requireNumbers(Param<String> param) {
        DataType type = type(param);
        boolean isArray = type instanceof ArrayType array
                && (array.elementType().equals(DataTypes.FloatType)
                        || array.elementType().equals(DataTypes.DoubleType));
        if (!isArray && !type.equals(SQLDataTypes.VectorType())) {
            throw mistake(param, "array<float>, array<double> or vector", type);
        }
    }

    /** That a column has numbers. */
    void requireNumber(Param<String> param) {
        DataType type = type(param);
        if (!(type instanceof NumericType)) {
            throw mistake(param, "a number such as float", type);
        }
    }

    private DataType type(Param<String> param) {
        String name = owner.getOrDefault(param);
        for (StructField field : schema.fields()) {
            if (field.name().equals(name)) {
                return field.dataType();
            }
        }
        throw new IllegalArgumentException("%s: there is no column %s, which %s names; set %s to one of %s"
                .formatted(owner.uid(), name, param.name(), param.name(), String.join(", ", schema.fieldNames())));
    }

    private IllegalArgumentException mistake(Param<String> param, String rule, DataType type) {
        return new IllegalArgumentException("%s: column %s, which %s names, must be %s, but is %s"
                .formatted(owner.uid(), owner.getOrDefault(param), param.name(), rule, type.catalogString()));
    }

    /** The schema with one more column at its end. */
    SchemaCheck append(Param<String> param, DataType type) {
        String name = owner.getOrDefault(param);
        for (String other : schema.fieldNames()) {
            if (other.equals(name)) {
                throw new IllegalArgumentException(
                        "%s: there already is a column %s, which %s would add; drop it, or set %s to another name"
                                .formatted(owner.uid(), name, param.name(), param.name()));
            }
        }
        return new SchemaCheck(owner, schema.add(new StructField(name, type, false, Metadata.empty())));
    }
}
