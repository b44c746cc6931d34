package io.github.mopospark.configuration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SecretsTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "hdfs://user:hunter2@host:8020/d4rl/hopper.hdf5",
                "s3a://KEY:hunter2@bucket/hopper.hdf5",
                "s3a://KEY:hun/ter2@bucket/hopper.hdf5",
                "--data=hdfs://user:hunter2@host/x",
                "data=hdfs://:hunter2@host/x",
                "spark.driver.extraJavaOptions=-Dx=http://user:hunter2@proxy",
            })
    void aUriWithAPasswordIsRefusedWithoutTellingIt(String text) {
        assertThatThrownBy(() -> Secrets.requireNone(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("://(hidden)@")
                .hasMessageContaining("docs/security.md")
                .message()
                .doesNotContain("ter2", "KEY", "user");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "hdfs://user@host:8020/x",
                "hdfs://host:8020/a@b",
                "hdfs://host:8020",
                "abfss://container@account.example/x",
                "file:/a:b@c",
                "file:///a:b@c",
                "hdfs://a:8020,hdfs://user@b:8020/x",
                "rollout.length=5",
                "",
            })
    void otherTextsAreTaken(String text) {
        assertThat(Secrets.requireNone(text)).isEqualTo(text);
    }

    @Test
    void valuesOfSecretSettingsAreHidden() {
        assertThat(Secrets.hide("spark.hadoop.fs.s3a.secret.key=hunter2 a"))
                .isEqualTo("spark.hadoop.fs.s3a.secret.key=(hidden)");
        assertThat(Secrets.hide("--spark-conf=spark.hadoop.fs.s3a.access.key=hunter2"))
                .isEqualTo("--spark-conf=spark.hadoop.fs.s3a.access.key=(hidden)");
        assertThat(Secrets.hide("spark.ssl.keyStorePassword=hunter2")).endsWith("Password=(hidden)");
        assertThat(Secrets.hide("spark.hadoop.fs.azure.account.key.mine.example=hunter2"))
                .endsWith("example=(hidden)");
        assertThat(Secrets.hide("spark.hadoop.fs.s3a.encryption.key=hunter2")).endsWith("key=(hidden)");
        assertThat(Secrets.hide("spark.hadoop.fs.gs.auth.service.account.private.key=hunter2"))
                .endsWith("key=(hidden)");
        assertThat(Secrets.hide("spark.executor.memory=2g")).isEqualTo("spark.executor.memory=2g");
        assertThat(Secrets.hide("--spark-conf")).isEqualTo("--spark-conf");
    }
}
