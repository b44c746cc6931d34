/** Episodes inside a model. */
package io.github.mopospark.ensemble.rollouts;
