package io.github.mopospark.reports;

import java.nio.charset.StandardCharsets;

/** Links between files of a folder. */
final class Links {
    private static final String PLAIN = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~/=,+@";

    private Links() {}

    /**
     * A link to a file. Whatever its name, the link stays within the file system: it has no scheme and no host.
     *
     * @param path of the file, from the folder of the page
     * @return the path, with all that would end or change it as a link percent-encoded
     */
    static String relative(String path) {
        StringBuilder link = new StringBuilder();
        for (byte octet : path.getBytes(StandardCharsets.UTF_8)) {
            if (octet > 0 && PLAIN.indexOf(octet) >= 0 && !(octet == '/' && link.isEmpty())) {
                link.append((char) octet);
            } else {
                link.append("%%%02X".formatted(octet));
            }
        }
        return link.toString();
    }
}
