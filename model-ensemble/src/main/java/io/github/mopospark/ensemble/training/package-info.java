/** How the members of an ensemble are trained. */
package io.github.mopospark.ensemble.training;
