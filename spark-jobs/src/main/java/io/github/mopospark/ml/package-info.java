/** The ensemble as an estimator and a model of Spark's MLlib. */
package io.github.mopospark.ml;
