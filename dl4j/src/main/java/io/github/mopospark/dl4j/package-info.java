/**
 * Members and policies as networks of DeepLearning4J. What is written has DL4J's own layers only, so that plain DL4J loads it;
 * what is read is looked at before DL4J loads anything of it.
 */
package io.github.mopospark.dl4j;
