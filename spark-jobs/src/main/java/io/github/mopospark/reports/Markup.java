package io.github.mopospark.reports;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Writes HTML and SVG that is well-formed XML too: what is opened is closed in order, and every text and attribute is escaped.
 */
final class Markup {
    private final StringBuilder out = new StringBuilder();
    private final Deque<String> open = new ArrayDeque<>();

    /**
     * Opens an element.
     *
     * @param name the element's
     * @param attributes names and values in turn
     */
    Markup open(String name, String... attributes) {
        startTag(name, attributes);
        out.append('>');
        open.push(name);
        return this;
    }

    /** Closes the element opened last. */
    Markup close() {
        String name = open.pop();
        out.append("</").append(name).append('>');
        if (!name.equals("span") && !name.equals("a")) {
            out.append('\n');
        }
        return this;
    }

    /** An element with a text in it. */
    Markup element(String name, String text, String... attributes) {
        return open(name, attributes).text(text).close();
    }

    /** An element that never has content: of HTML meta and br, and the shapes of SVG. */
    Markup empty(String name, String... attributes) {
        startTag(name, attributes);
        out.append("/>\n");
        return this;
    }

    /** A text, escaped. */
    Markup text(String text) {
        out.append(escape(text));
        return this;
    }

    /**
     * A style sheet. HTML takes its text as it stands and XML does not, so it must need no escaping.
     *
     * @param css the style sheet
     */
    Markup style(String css) {
        return raw("style", css);
    }

    /**
     * A script, which as a style sheet must need no escaping.
     *
     * @param code the script; between its tags stands nothing else, so that its hash is that of this text
     */
    Markup script(String code) {
        return raw("script", code);
    }

    private Markup raw(String element, String content) {
        if (content.contains("<") || content.contains("&")) {
            throw new IllegalArgumentException("the %s of a report must have no < and no &".formatted(element));
        }
        open(element);
        out.append(content);
        return close();
    }

    /** The text so far; every element must be closed. */
    String finish() {
        if (!open.isEmpty()) {
            throw new IllegalStateException("not closed: " + open);
        }
        return out.toString();
    }

    private void startTag(String name, String... attributes) {
        if (attributes.length % 2 != 0) {
            throw new IllegalArgumentException("an attribute of " + name + " lacks its value");
        }
        out.append('<').append(name);
        for (int i = 0; i < attributes.length; i += 2) {
            out.append(' ')
                    .append(attributes[i])
                    .append("=\"")
                    .append(escape(attributes[i + 1]))
                    .append('"');
        }
    }

    /** A text that reads the same as content and as an attribute. Characters that XML cannot hold become U+FFFD. */
    static String escape(String text) {
        StringBuilder escaped = new StringBuilder(text.length());
        text.codePoints().forEach(c -> {
            switch (c) {
                case '&' -> escaped.append("&amp;");
                case '<' -> escaped.append("&lt;");
                case '>' -> escaped.append("&gt;");
                case '"' -> escaped.append("&quot;");
                case '\'' -> escaped.append("&#39;");
                default -> escaped.appendCodePoint(isXml(c) ? c : 0xFFFD);
            }
        });
        return escaped.toString();
    }

    private static boolean isXml(int c) {
        boolean isControl = c < 0x20 && c != '\t' && c != '\n' && c != '\r';
        boolean isSurrogate = c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE;
        return !isControl && !isSurrogate && c != 0xFFFE && c != 0xFFFF;
    }
}
