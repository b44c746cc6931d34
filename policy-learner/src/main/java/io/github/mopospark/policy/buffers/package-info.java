/**
 * Where the transitions lie that a learner trains on: those of the dataset, those of the model's last rollout rounds, and the
 * batches that are drawn from both.
 */
package io.github.mopospark.policy.buffers;
