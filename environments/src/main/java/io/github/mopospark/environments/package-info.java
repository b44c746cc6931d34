/**
 * The environments that policies are scored in: Gymnasium's v4 locomotion tasks, which are D4RL's, and the two
 * out-of-distribution tasks of MOPO. Start with {@link io.github.mopospark.environments.Environments}.
 */
package io.github.mopospark.environments;
