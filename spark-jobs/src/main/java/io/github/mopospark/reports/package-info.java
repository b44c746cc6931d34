/**
 * Reports: one HTML file each, with pictures in SVG. A report needs no network, no script and no other file, and is
 * well-formed XML too.
 */
package io.github.mopospark.reports;
