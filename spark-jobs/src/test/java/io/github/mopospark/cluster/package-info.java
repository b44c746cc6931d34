/** Spark, HDFS and the program itself as processes of their own, for integration tests. */
package io.github.mopospark.cluster;
