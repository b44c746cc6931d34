/** What is measured in a run, and where it goes: CSV files, TensorBoard, MLflow. */
package io.github.mopospark.metrics;
