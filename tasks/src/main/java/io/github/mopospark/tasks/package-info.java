/**
 * Plain facts of the tasks that policies are learned for: sizes, time limit, D4RL reference returns, termination rule and
 * the rewards of the two relabelled tasks. Depends on nothing but the JDK.
 */
package io.github.mopospark.tasks;
