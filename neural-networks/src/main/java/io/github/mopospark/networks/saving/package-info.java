/** Arrays as NumPy's files, over streams, so that Python reads what is saved here and the other way round. */
package io.github.mopospark.networks.saving;
