/**
 * A small hand-made binding of MuJoCo through JavaCPP: compile an MJCF model, step it, read its state. Natives come with
 * the jar. Errors of MuJoCo and misuse are Java exceptions.
 */
package io.github.mopospark.environments.mujoco;
