package io.github.mopospark.commands;

import io.github.mopospark.conversion.dataset.Storage;
import io.github.mopospark.policy.PolicyFolder;
import io.github.mopospark.policy.SavedPolicy;
import java.io.IOException;
import org.apache.hadoop.fs.Path;

/** The option {@code --policy}. */
final class PolicyOption {
    private PolicyOption() {}

    /** Reads the policy; what cannot be read is a wrong argument. */
    static SavedPolicy read(Storage storage, String uri) {
        try {
            return new PolicyFolder(storage, new Path(uri)).read();
        } catch (IOException e) {
            throw RunOptions.unusable("--policy", uri, e);
        }
    }
}
