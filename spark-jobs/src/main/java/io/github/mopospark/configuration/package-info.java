/**
 * The configuration of a training run: a record a component, read from HOCON in layers, every key known, and written as a
 * whole beside every result.
 */
package io.github.mopospark.configuration;
