/** Writing of protocol buffer messages, without Google's library: Spark has an old version of that on its classpath. */
package io.github.mopospark.protobuf;
