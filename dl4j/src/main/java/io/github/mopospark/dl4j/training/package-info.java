/** A member as a network that DeepLearning4J trains, with layers and a loss of this project's. */
package io.github.mopospark.dl4j.training;
