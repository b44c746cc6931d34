/** What a run leaves in its folder, and finds there again. */
package io.github.mopospark.runs;
