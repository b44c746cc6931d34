/** Pictures of a simulation, drawn with Java2D alone: no GPU, no display, no fonts. */
package io.github.mopospark.environments.rendering;
