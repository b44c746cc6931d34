package io.github.mopospark.jobs;

import io.github.mopospark.ensemble.training.MemberCheckpoint;
import io.github.mopospark.ensemble.training.MemberState;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;

/**
 * A member on its way between driver and executor, as it is saved.
 *
 * @param npz what {@link MemberCheckpoint} writes
 */
record MemberBytes(byte[] npz) implements Serializable {
    static MemberBytes of(MemberState member) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            MemberCheckpoint.write(out, member);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new MemberBytes(out.toByteArray());
    }

    MemberState state() {
        try {
            return MemberCheckpoint.read(new ByteArrayInputStream(npz), "a member between driver and executor");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
