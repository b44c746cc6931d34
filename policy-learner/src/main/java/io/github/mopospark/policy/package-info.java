/** Soft actor-critic (Haarnoja et al. 2018) on real and model transitions. */
package io.github.mopospark.policy;
