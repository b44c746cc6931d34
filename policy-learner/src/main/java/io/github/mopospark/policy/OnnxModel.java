package io.github.mopospark.policy;

import io.github.mopospark.networks.MlpShape;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import onnx.Onnx.GraphProto;
import onnx.Onnx.ModelProto;
import onnx.Onnx.NodeProto;
import onnx.Onnx.OperatorSetIdProto;
import onnx.Onnx.StringStringEntryProto;
import onnx.Onnx.TensorProto;
import onnx.Onnx.TensorShapeProto;
import onnx.Onnx.TypeProto;
import onnx.Onnx.ValueInfoProto;
import org.nd4j.shade.protobuf.ByteString;

/**
 * A policy's most likely actions as an ONNX model: from {@code observation}, float {@code [batch, observationSize]}, to
 * {@code action}, float {@code [batch, actionSize]}, any number of rows at once. A layer is a {@code Gemm}, hidden ones with a
 * {@code Relu}; the last, whose log standard deviations are cut off by a {@code Slice}, ends in a {@code Tanh}.
 */
public final class OnnxModel {
    /** The name of the model's input. */
    public static final String OBSERVATION = "observation";

    /** The name of the model's output. */
    public static final String ACTION = "action";

    /** Of ONNX 1.8, of 2020: any runtime in use reads it. */
    private static final int OPERATOR_SET = 13;

    /** Of ONNX 1.10, of 2021. */
    private static final int FORMAT_VERSION = 8;

    // The messages are those of ND4J, which neural-networks brings along: generated from onnx.proto, on a copy of
    // protobuf in a
    // package of its own, so that Spark's old protobuf is not in the way and no other library is needed. Nothing else
    // of ND4J
    // is loaded for them.
    private final GraphProto.Builder graph = GraphProto.newBuilder().setName("policy");

    private OnnxModel() {}

    /**
     * Encodes a policy.
     *
     * @param policy the policy
     * @param version mopo-spark's, for the model's metadata
     * @return the content of an {@code .onnx} file; the same policy and version give the same bytes
     */
    public static byte[] encode(SavedPolicy policy, String version) {
        OnnxModel model = new OnnxModel();
        model.addNetwork(policy);
        ModelProto.Builder builder = ModelProto.newBuilder()
                .setIrVersion(FORMAT_VERSION)
                .addOpsetImport(OperatorSetIdProto.newBuilder().setVersion(OPERATOR_SET))
                .setProducerName("mopo-spark")
                .setProducerVersion(version)
                .setGraph(model.graph);
        addMetadata(builder, "task", policy.task().name());
        addMetadata(builder, "mopo_spark_version", version);
        addMetadata(builder, "dataset_checksum", policy.datasetChecksum());
        addMetadata(builder, "seed", Long.toString(policy.seed()));
        addMetadata(builder, "epoch", Integer.toString(policy.epoch()));
        return builder.build().toByteArray();
    }

    private static void addMetadata(ModelProto.Builder builder, String key, String value) {
        builder.addMetadataProps(StringStringEntryProto.newBuilder().setKey(key).setValue(value));
    }

    private void addNetwork(SavedPolicy policy) {
        MlpShape shape = policy.shape();
        int actionSize = policy.task().actionSize();
        graph.addInput(rows(OBSERVATION, shape.inputSize()));
        graph.addOutput(rows(ACTION, actionSize));
        String value = OBSERVATION;
        int place = 0;
        for (int layer = 0; layer < shape.layers(); layer++) {
            int in = shape.in(layer);
            int out = shape.out(layer);
            addFloats("W" + layer, policy.actor(), place, in, out);
            place += in * out;
            addFloats("b" + layer, policy.actor(), place, out);
            place += out;
            addNode("Gemm", "sums" + layer, value, "W" + layer, "b" + layer);
            value = "sums" + layer;
            if (layer < shape.layers() - 1) {
                addNode("Relu", "hidden" + layer, value);
                value = "hidden" + layer;
            }
        }
        addInteger("mean_start", 0);
        addInteger("mean_end", actionSize);
        addInteger("mean_axis", 1);
        addNode("Slice", "mean", value, "mean_start", "mean_end", "mean_axis");
        addNode("Tanh", ACTION, "mean");
    }

    private static ValueInfoProto rows(String name, int width) {
        TensorShapeProto.Builder shape = TensorShapeProto.newBuilder()
                .addDim(TensorShapeProto.Dimension.newBuilder().setDimParam("batch"))
                .addDim(TensorShapeProto.Dimension.newBuilder().setDimValue(width));
        return ValueInfoProto.newBuilder()
                .setName(name)
                .setType(TypeProto.newBuilder()
                        .setTensorType(TypeProto.Tensor.newBuilder()
                                .setElemType(TensorProto.DataType.FLOAT_VALUE)
                                .setShape(shape)))
                .build();
    }

    private void addNode(String operator, String output, String... inputs) {
        NodeProto.Builder node = NodeProto.newBuilder().setOpType(operator).setName(output + "/" + operator);
        for (String input : inputs) {
            node.addInput(input);
        }
        graph.addNode(node.addOutput(output));
    }

    private void addFloats(String name, float[] numbers, int from, int... shape) {
        TensorProto.Builder tensor =
                TensorProto.newBuilder().setName(name).setDataType(TensorProto.DataType.FLOAT_VALUE);
        int count = 1;
        for (int size : shape) {
            tensor.addDims(size);
            count *= size;
        }
        ByteBuffer bytes = ByteBuffer.allocate(count * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(numbers, from, count);
        graph.addInitializer(tensor.setRawData(ByteString.copyFrom(bytes)));
    }

    private void addInteger(String name, long number) {
        graph.addInitializer(TensorProto.newBuilder()
                .setName(name)
                .setDataType(TensorProto.DataType.INT64_VALUE)
                .addDims(1)
                .addInt64Data(number));
    }
}
