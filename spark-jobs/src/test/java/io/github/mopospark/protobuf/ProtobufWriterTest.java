package io.github.mopospark.protobuf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class ProtobufWriterTest {
    private static String hex(ProtobufWriter message) {
        return HexFormat.ofDelimiter(" ").formatHex(message.toBytes());
    }

    /** The examples in the description of the wire format. */
    @Test
    void writesTheExamplesOfTheWireFormat() {
        assertThat(hex(new ProtobufWriter().varint(1, 150))).isEqualTo("08 96 01");
        assertThat(hex(new ProtobufWriter().text(2, "testing"))).isEqualTo("12 07 74 65 73 74 69 6e 67");
        assertThat(hex(new ProtobufWriter().message(3, new ProtobufWriter().varint(1, 150))))
                .isEqualTo("1a 03 08 96 01");
        assertThat(hex(new ProtobufWriter().varint(1, -2))).isEqualTo("08 fe ff ff ff ff ff ff ff ff 01");
    }

    @Test
    void writesNumbersLittleEndian() {
        assertThat(hex(new ProtobufWriter().float32(1, 1f))).isEqualTo("0d 00 00 80 3f");
        assertThat(hex(new ProtobufWriter().float64(1, -2))).isEqualTo("09 00 00 00 00 00 00 00 c0");
        assertThat(hex(new ProtobufWriter().varint(1, 0).varint(1, 127).varint(1, 128)))
                .isEqualTo("08 00 08 7f 08 80 01");
    }

    @Test
    void writesFieldsAbove15WithLongerKeysAndTextsAsUtf8() {
        assertThat(hex(new ProtobufWriter().varint(16, 1))).isEqualTo("80 01 01");
        assertThat(hex(new ProtobufWriter().varint((1 << 29) - 1, 1))).isEqualTo("f8 ff ff ff 0f 01");
        assertThat(hex(new ProtobufWriter().text(1, "λ"))).isEqualTo("0a 02 ce bb");
        assertThat(hex(new ProtobufWriter().bytes(1, new byte[200]))).startsWith("0a c8 01 00");
    }

    @Test
    void refusesNumbersThatNoFieldHas() {
        assertThatThrownBy(() -> new ProtobufWriter().varint(0, 1))
                .hasMessage("a field's number must be from 1 to 536870911, but was 0");
        assertThatThrownBy(() -> new ProtobufWriter().text(1 << 29, "")).isInstanceOf(IllegalArgumentException.class);
    }
}
