package io.github.mopospark.ml;

import io.github.mopospark.configuration.Words;
import io.github.mopospark.conversion.Transitions;
import io.github.mopospark.ensemble.EarlyStopping;
import io.github.mopospark.ensemble.Ensemble;
import io.github.mopospark.ensemble.EnsembleConfig;
import io.github.mopospark.ensemble.EnsembleFolder;
import io.github.mopospark.jobs.RowsTraining;
import io.github.mopospark.networks.KernelChoice;
import io.github.mopospark.tasks.Task;
import io.github.mopospark.tasks.Tasks;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.ml.Estimator;
import org.apache.spark.ml.param.DoubleArrayParam;
import org.apache.spark.ml.param.DoubleParam;
import org.apache.spark.ml.param.IntArrayParam;
import org.apache.spark.ml.param.IntParam;
import org.apache.spark.ml.param.LongParam;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.param.ParamValidators;
import org.apache.spark.ml.util.DefaultParamsReader;
import org.apache.spark.ml.util.DefaultParamsWritable;
import org.apache.spark.ml.util.Identifiable$;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.types.StructType;

/**
 * Learns an ensemble of probabilistic dynamics models from a DataFrame of transitions, as {@code mopo train-ensemble} does: rows
 * are brought to the driver once, and the members are trained as tasks. The defaults are the paper's; only {@link #task} has none.
 *
 * <p>The ensemble depends on the rows, their order and the parameters alone. Parquet files are read in an order that Spark
 * chooses, so that {@code orderBy("episode", "step")} makes a fit one that can be repeated.
 *
 * <pre>{@code
 * Dataset<Row> rows = spark.read().parquet("datasets/hopper-sample/parts-*").orderBy("episode", "step");
 * MopoEnsembleModel model = new MopoEnsemble().setTask("hopper").setSeed(1).fit(rows);
 * Dataset<Row> predicted = model.transform(rows);
 * }</pre>
 */
public final class MopoEnsemble extends Estimator<MopoEnsembleModel>
        implements MopoEnsembleParams<MopoEnsemble>, DefaultParamsWritable {
    private static final long serialVersionUID = 1;

    private final String uid;
    private final PredictionParams prediction;
    private final Param<String> task;
    private final IntParam members;
    private final IntParam elites;
    private final IntArrayParam hiddenSizes;
    private final DoubleArrayParam weightDecay;
    private final DoubleParam learningRate;
    private final DoubleParam boundCoefficient;
    private final IntParam batchSize;
    private final IntParam maxEpochs;
    private final Param<String> earlyStopping;
    private final LongParam seed;
    private final Param<String> rewardCol;
    private final Param<String> nextObservationCol;

    /** An estimator with a random uid. */
    public MopoEnsemble() {
        this(Identifiable$.MODULE$.randomUID("MopoEnsemble"));
    }

    /**
     * An estimator.
     *
     * @param uid tells it from others, for MLlib
     */
    public MopoEnsemble(String uid) {
        this.uid = uid;
        prediction = PredictionParams.of(this);
        task = PredictionParams.checked(this, "task", "task that rows are of, such as hopper", Tasks::named);
        members = new IntParam(this, "members", "number of members (>= 1)", ParamValidators.gtEq(1));
        elites = new IntParam(
                this, "elites", "number of the best members, which predict (1 to members)", ParamValidators.gtEq(1));
        hiddenSizes = new IntArrayParam(this, "hiddenSizes", "width of each hidden layer (>= 1)");
        weightDecay = new DoubleArrayParam(
                this, "weightDecay", "weight decay of each hidden layer and of the output layer (>= 0)");
        learningRate = new DoubleParam(this, "learningRate", "learning rate of Adam (> 0)", ParamValidators.gt(0));
        boundCoefficient = new DoubleParam(
                this,
                "boundCoefficient",
                "what keeps the log-variance bounds of all members close (>= 0)",
                ParamValidators.gtEq(0));
        batchSize = new IntParam(this, "batchSize", "rows of an update (>= 1)", ParamValidators.gtEq(1));
        maxEpochs = new IntParam(this, "maxEpochs", "passes over the rows at most (>= 1)", ParamValidators.gtEq(1));
        earlyStopping = PredictionParams.checked(
                this,
                "earlyStopping",
                "when training stops before: none, member (each alone) or ensemble (all together)",
                MopoEnsemble::earlyStopping);
        seed = new LongParam(this, "seed", "what every random number comes from");
        rewardCol = new Param<>(this, "rewardCol", "column of rewards");
        nextObservationCol = new Param<>(
                this,
                "nextObservationCol",
                "column of next observations (array of float or double, or vector); null where none is recorded");
        setDefaults(EnsembleConfig.paper());
    }

    private void setDefaults(EnsembleConfig config) {
        prediction.setDefaults(this);
        setDefault(members, config.members());
        setDefault(elites, config.elites());
        setDefault(hiddenSizes, ints(config.hiddenSizes()));
        setDefault(weightDecay, doubles(config.weightDecay()));
        setDefault(learningRate, config.learningRate());
        setDefault(boundCoefficient, config.boundCoefficient());
        setDefault(batchSize, config.batchSize());
        setDefault(maxEpochs, config.maxEpochs());
        setDefault(earlyStopping, Words.of(config.earlyStopping()));
        setDefault(seed, 0L);
        setDefault(rewardCol, "reward");
        setDefault(nextObservationCol, "next_observation");
    }

    private static int[] ints(List<Integer> numbers) {
        return numbers.stream().mapToInt(Integer::intValue).toArray();
    }

    private static double[] doubles(List<? extends Number> numbers) {
        return numbers.stream().mapToDouble(Number::doubleValue).toArray();
    }

    private static EarlyStopping earlyStopping(String word) {
        return Words.find(EarlyStopping.class, word)
                .orElseThrow(() -> new IllegalArgumentException("earlyStopping must be one of %s, but was '%s'"
                        .formatted(Words.allOf(EarlyStopping.class), word)));
    }

    /**
     * Reads an estimator that was saved.
     *
     * @return MLlib's reader
     */
    public static MLReader<MopoEnsemble> read() {
        return new DefaultParamsReader<>();
    }

    /**
     * Reads an estimator that was saved.
     *
     * @param path where
     * @return the estimator
     */
    public static MopoEnsemble load(String path) {
        return read().load(path);
    }

    /**
     * Learns from rows.
     *
     * @param dataset a DataFrame with the columns that parameters name; rows whose next observation is null are not learned
     * @return the trained ensemble
     * @throws IllegalArgumentException if the task is not set, a column is missing or of another type, parameters do not fit one
     *     another, or rows are too few
     * @throws io.github.mopospark.jobs.RunException if a row cannot be taken, or a member cannot be trained
     */
    @Override
    public MopoEnsembleModel fit(Dataset<?> dataset) {
        transformSchema(dataset.schema(), true);
        Task of = requireTask();
        Transitions rows = TransitionColumns.of(
                        of, getObservationCol(), getActionCol(), getRewardCol(), getNextObservationCol())
                .read(dataset);
        Ensemble ensemble = new RowsTraining(
                        JavaSparkContext.fromSparkContext(dataset.sparkSession().sparkContext()),
                        of,
                        config(),
                        KernelChoice.parse(getKernels()),
                        getSeed())
                .train(rows, TransitionColumns.checksum(rows));
        MopoEnsembleModel model = new MopoEnsembleModel(uid, EnsembleFolder.toBytes(ensemble));
        return copyValues(model, ParamMap.empty()).setParent(this);
    }

    /**
     * Checks columns and parameters.
     *
     * @param schema a DataFrame's
     * @return the schema that {@link MopoEnsembleModel#transform} gives
     * @throws IllegalArgumentException if something does not fit; the message names it, what it is and what it must be
     */
    @Override
    public StructType transformSchema(StructType schema) {
        requireTask();
        config();
        SchemaCheck check = new SchemaCheck(this, schema);
        check.requireNumber(rewardCol);
        check.requireNumbers(nextObservationCol);
        return prediction.transform(this, schema);
    }

    private Task requireTask() {
        if (!isDefined(task)) {
            throw new IllegalArgumentException("%s: task must be set, to one of %s"
                    .formatted(uid, Tasks.all().stream().map(Task::name).collect(Collectors.joining(", "))));
        }
        return Tasks.named(getTask());
    }

    /** How the ensemble is trained; what has no parameter is as the paper has it. */
    private EnsembleConfig config() {
        EnsembleConfig paper = EnsembleConfig.paper();
        try {
            return new EnsembleConfig(
                    getMembers(),
                    getElites(),
                    Arrays.stream(getHiddenSizes()).boxed().toList(),
                    Arrays.stream(getWeightDecay()).boxed().toList(),
                    getLearningRate(),
                    getBoundCoefficient(),
                    getBatchSize(),
                    getMaxEpochs(),
                    earlyStopping(getEarlyStopping()),
                    paper.lipschitz(),
                    paper.targetUnits());
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("%s: %s".formatted(uid, e.getMessage()), e);
        }
    }

    @Override
    public MopoEnsemble copy(ParamMap extra) {
        return defaultCopy(extra);
    }

    @Override
    public String uid() {
        return uid;
    }

    @Override
    public MopoEnsemble self() {
        return this;
    }

    @Override
    public PredictionParams prediction() {
        return prediction;
    }

    /**
     * The task that rows are of: its own name, D4RL's or Gymnasium's. It has no default.
     *
     * @return the parameter
     */
    public Param<String> task() {
        return task;
    }

    /**
     * The value of {@link #task}.
     *
     * @return the name
     */
    public String getTask() {
        return getOrDefault(task);
    }

    /**
     * Sets {@link #task}.
     *
     * @param name name of a task
     * @return this
     * @throws IllegalArgumentException if it is unknown; the message lists the known ones
     */
    public MopoEnsemble setTask(String name) {
        set(task, name);
        return this;
    }

    /**
     * How many members there are; by default 7.
     *
     * @return the parameter
     */
    public IntParam members() {
        return members;
    }

    /**
     * The value of {@link #members}.
     *
     * @return the number
     */
    public int getMembers() {
        return (int) getOrDefault(members);
    }

    /**
     * Sets {@link #members}.
     *
     * @param count at least 1
     * @return this
     */
    public MopoEnsemble setMembers(int count) {
        set(members, count);
        return this;
    }

    /**
     * How many of the best members predict; by default 5.
     *
     * @return the parameter
     */
    public IntParam elites() {
        return elites;
    }

    /**
     * The value of {@link #elites}.
     *
     * @return the number
     */
    public int getElites() {
        return (int) getOrDefault(elites);
    }

    /**
     * Sets {@link #elites}.
     *
     * @param count from 1 to the members
     * @return this
     */
    public MopoEnsemble setElites(int count) {
        set(elites, count);
        return this;
    }

    /**
     * The width of each hidden layer; by default four of 200.
     *
     * @return the parameter
     */
    public IntArrayParam hiddenSizes() {
        return hiddenSizes;
    }

    /**
     * The value of {@link #hiddenSizes}.
     *
     * @return the widths
     */
    public int[] getHiddenSizes() {
        return getOrDefault(hiddenSizes).clone();
    }

    /**
     * Sets {@link #hiddenSizes}.
     *
     * @param sizes a width a layer
     * @return this
     */
    public MopoEnsemble setHiddenSizes(int... sizes) {
        set(hiddenSizes, sizes.clone());
        return this;
    }

    /**
     * Sets {@link #hiddenSizes}, for languages that have lists rather than arrays.
     *
     * @param sizes a width a layer
     * @return this
     */
    public MopoEnsemble setHiddenSizes(List<Integer> sizes) {
        return setHiddenSizes(ints(sizes));
    }

    /**
     * The weight decay of each layer, one number more than there are hidden layers; by default the paper's five.
     *
     * @return the parameter
     */
    public DoubleArrayParam weightDecay() {
        return weightDecay;
    }

    /**
     * The value of {@link #weightDecay}.
     *
     * @return the numbers
     */
    public double[] getWeightDecay() {
        return getOrDefault(weightDecay).clone();
    }

    /**
     * Sets {@link #weightDecay}.
     *
     * @param decays a number for each hidden layer, and one for the output layer
     * @return this
     */
    public MopoEnsemble setWeightDecay(double... decays) {
        set(weightDecay, decays.clone());
        return this;
    }

    /**
     * Sets {@link #weightDecay}, for languages that have lists rather than arrays.
     *
     * @param decays a number for each hidden layer, and one for the output layer
     * @return this
     */
    public MopoEnsemble setWeightDecay(List<? extends Number> decays) {
        return setWeightDecay(doubles(decays));
    }

    /**
     * The learning rate of Adam; by default 0.001.
     *
     * @return the parameter
     */
    public DoubleParam learningRate() {
        return learningRate;
    }

    /**
     * The value of {@link #learningRate}.
     *
     * @return the rate
     */
    public double getLearningRate() {
        return (double) getOrDefault(learningRate);
    }

    /**
     * Sets {@link #learningRate}.
     *
     * @param rate a positive number
     * @return this
     */
    public MopoEnsemble setLearningRate(double rate) {
        set(learningRate, rate);
        return this;
    }

    /**
     * What keeps the log-variance bounds close, of all members together: each pays its share; by default 0.01.
     *
     * @return the parameter
     */
    public DoubleParam boundCoefficient() {
        return boundCoefficient;
    }

    /**
     * The value of {@link #boundCoefficient}.
     *
     * @return the coefficient
     */
    public double getBoundCoefficient() {
        return (double) getOrDefault(boundCoefficient);
    }

    /**
     * Sets {@link #boundCoefficient}.
     *
     * @param coefficient at least 0
     * @return this
     */
    public MopoEnsemble setBoundCoefficient(double coefficient) {
        set(boundCoefficient, coefficient);
        return this;
    }

    /**
     * Rows of an update; by default 256.
     *
     * @return the parameter
     */
    public IntParam batchSize() {
        return batchSize;
    }

    /**
     * The value of {@link #batchSize}.
     *
     * @return the number
     */
    public int getBatchSize() {
        return (int) getOrDefault(batchSize);
    }

    /**
     * Sets {@link #batchSize}.
     *
     * @param rows at least 1
     * @return this
     */
    public MopoEnsemble setBatchSize(int rows) {
        set(batchSize, rows);
        return this;
    }

    /**
     * Passes over the rows at most; by default 500.
     *
     * @return the parameter
     */
    public IntParam maxEpochs() {
        return maxEpochs;
    }

    /**
     * The value of {@link #maxEpochs}.
     *
     * @return the number
     */
    public int getMaxEpochs() {
        return (int) getOrDefault(maxEpochs);
    }

    /**
     * Sets {@link #maxEpochs}.
     *
     * @param epochs at least 1
     * @return this
     */
    public MopoEnsemble setMaxEpochs(int epochs) {
        set(maxEpochs, epochs);
        return this;
    }

    /**
     * When training stops before: {@code none}, {@code member} (each alone) or {@code ensemble} (all together), the default.
     *
     * @return the parameter
     */
    public Param<String> earlyStopping() {
        return earlyStopping;
    }

    /**
     * The value of {@link #earlyStopping}.
     *
     * @return its name in a configuration
     */
    public String getEarlyStopping() {
        return getOrDefault(earlyStopping);
    }

    /**
     * Sets {@link #earlyStopping}.
     *
     * @param name its name in a configuration
     * @return this
     * @throws IllegalArgumentException if there is none of that name
     */
    public MopoEnsemble setEarlyStopping(String name) {
        set(earlyStopping, name);
        return this;
    }

    /**
     * What every random number comes from; by default 0.
     *
     * @return the parameter
     */
    public LongParam seed() {
        return seed;
    }

    /**
     * The value of {@link #seed}.
     *
     * @return the seed
     */
    public long getSeed() {
        return (long) getOrDefault(seed);
    }

    /**
     * Sets {@link #seed}.
     *
     * @param number the seed
     * @return this
     */
    public MopoEnsemble setSeed(long number) {
        set(seed, number);
        return this;
    }

    /**
     * The column of rewards, numbers; by default {@code reward}.
     *
     * @return the parameter
     */
    public Param<String> rewardCol() {
        return rewardCol;
    }

    /**
     * The value of {@link #rewardCol}.
     *
     * @return its name
     */
    public String getRewardCol() {
        return getOrDefault(rewardCol);
    }

    /**
     * Sets {@link #rewardCol}.
     *
     * @param name the column
     * @return this
     */
    public MopoEnsemble setRewardCol(String name) {
        set(rewardCol, name);
        return this;
    }

    /**
     * The column of next observations, like {@link #observationCol}, null where none is recorded; by default
     * {@code next_observation}.
     *
     * @return the parameter
     */
    public Param<String> nextObservationCol() {
        return nextObservationCol;
    }

    /**
     * The value of {@link #nextObservationCol}.
     *
     * @return its name
     */
    public String getNextObservationCol() {
        return getOrDefault(nextObservationCol);
    }

    /**
     * Sets {@link #nextObservationCol}.
     *
     * @param name the column
     * @return this
     */
    public MopoEnsemble setNextObservationCol(String name) {
        set(nextObservationCol, name);
        return this;
    }
}
