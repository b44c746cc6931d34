package io.github.mopospark.ml;

import io.github.mopospark.configuration.Words;
import io.github.mopospark.ensemble.Penalty;
import io.github.mopospark.networks.KernelChoice;
import java.io.Serializable;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.Params;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import scala.Function1;

/**
 * The parameters of {@link MopoEnsembleParams}, made for one owner.
 *
 * @param observationCol a column that is read
 * @param actionCol a column that is read
 * @param predictedNextObservationCol a column that is added
 * @param predictedRewardCol a column that is added
 * @param penaltyCol a column that is added
 * @param penalty which penalty
 * @param kernels what computes
 */
public record PredictionParams(
        Param<String> observationCol,
        Param<String> actionCol,
        Param<String> predictedNextObservationCol,
        Param<String> predictedRewardCol,
        Param<String> penaltyCol,
        Param<String> penalty,
        Param<String> kernels)
        implements Serializable {
    /** Makes them; {@link #setDefaults} is called when the owner gives them out. */
    static PredictionParams of(Params owner) {
        return new PredictionParams(
                text(owner, "observationCol", "column of observations (array of float or double, or vector)"),
                text(owner, "actionCol", "column of actions (array of float or double, or vector)"),
                text(owner, "predictedNextObservationCol", "column of predicted next observations"),
                text(owner, "predictedRewardCol", "column of predicted rewards"),
                text(owner, "penaltyCol", "column of penalties, not multiplied by lambda"),
                checked(
                        owner,
                        "penalty",
                        "penalty: max-aleatoric, ensemble-disagreement, ensemble-std or none",
                        PredictionParams::penalty),
                checked(owner, "kernels", "kernels: auto, cpu, cpu-plain or nd4j", KernelChoice::parse));
    }

    private static Param<String> text(Params owner, String name, String doc) {
        return new Param<>(owner, name, doc);
    }

    /** A function that throws if a value is wrong. */
    interface Check extends Consumer<String>, Serializable {}

    /** A parameter whose values are checked when they are set, by a message that says what they may be. */
    static Param<String> checked(Params owner, String name, String doc, Check check) {
        return new Param<>(owner, name, doc, (Function1<String, Object> & Serializable) value -> {
            check.accept(value);
            return true;
        });
    }

    static Penalty penalty(String word) {
        Optional<Penalty> penalty = Words.find(Penalty.class, word);
        if (penalty.equals(Optional.of(Penalty.TRUE_ERROR))) {
            throw new IllegalArgumentException(
                    "penalty must be one that can be computed without the simulator, but was true-error, which needs it");
        }
        return penalty.orElseThrow(() -> new IllegalArgumentException(
                "penalty must be one of max-aleatoric, ensemble-disagreement, ensemble-std, none, but was '%s'"
                        .formatted(word)));
    }

    void setDefaults(Params owner) {
        owner.setDefault(observationCol, "observation");
        owner.setDefault(actionCol, "action");
        owner.setDefault(predictedNextObservationCol, "predicted_next_observation");
        owner.setDefault(predictedRewardCol, "predicted_reward");
        owner.setDefault(penaltyCol, "penalty");
        owner.setDefault(penalty, Words.of(Penalty.MAX_ALEATORIC));
        owner.setDefault(kernels, KernelChoice.AUTO.toString());
    }

    /** The schema of a prediction; an error if a column is missing or of another type, or one is there that is to be added. */
    StructType transform(Params owner, StructType schema) {
        SchemaCheck check = new SchemaCheck(owner, schema);
        check.requireNumbers(observationCol);
        check.requireNumbers(actionCol);
        return check.append(predictedNextObservationCol, DataTypes.createArrayType(DataTypes.FloatType, false))
                .append(predictedRewardCol, DataTypes.FloatType)
                .append(penaltyCol, DataTypes.FloatType)
                .schema();
    }
}
