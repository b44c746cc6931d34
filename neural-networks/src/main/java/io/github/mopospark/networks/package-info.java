/** Multilayer perceptrons with explicit forward and backward passes. */
package io.github.mopospark.networks;
