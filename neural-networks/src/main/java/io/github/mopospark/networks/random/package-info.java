/** Random numbers by name and position. */
package io.github.mopospark.networks.random;
