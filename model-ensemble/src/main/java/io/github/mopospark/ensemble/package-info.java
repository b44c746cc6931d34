/** An ensemble of probabilistic dynamics models: what it predicts, how sure it is, and where it is saved. */
package io.github.mopospark.ensemble;
