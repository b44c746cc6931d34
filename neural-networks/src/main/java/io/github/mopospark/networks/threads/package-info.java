/** Threads that work on one thing together. */
package io.github.mopospark.networks.threads;
