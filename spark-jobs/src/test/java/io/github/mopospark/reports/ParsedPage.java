package io.github.mopospark.reports;

import java.io.IOException;
import java.io.StringReader;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;
import org.xml.sax.SAXException;

/** A report or a picture, read as XML. */
record ParsedPage(Document document) {
    static ParsedPage of(String text) {
        try {
            DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
            factory.setFeature("http://apache.org/xml/features/nonvalidating/load-external-dtd", false);
            return new ParsedPage(factory.newDocumentBuilder().parse(new InputSource(new StringReader(text))));
        } catch (ParserConfigurationException | SAXException | IOException e) {
            throw new AssertionError("not well-formed: " + e.getMessage(), e);
        }
    }

    /** All elements of a name, in order. */
    List<Element> elements(String name) {
        return list(document.getElementsByTagName(name));
    }

    /** The ids of all elements of some names that have one. */
    List<String> ids(String... names) {
        return Stream.of(names)
                .flatMap(name -> elements(name).stream())
                .map(element -> element.getAttribute("id"))
                .filter(id -> !id.isEmpty())
                .toList();
    }

    /** The texts in all elements of a name. */
    List<String> texts(String name) {
        return elements(name).stream()
                .map(element -> element.getTextContent().strip())
                .toList();
    }

    /** The cells of a table, row by row, its headings first. */
    List<List<String>> table(String caption) {
        Element table = elements("table").stream()
                .filter(candidate -> list(candidate.getElementsByTagName("caption"))
                        .get(0)
                        .getTextContent()
                        .equals(caption))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no table " + caption));
        return list(table.getElementsByTagName("tr")).stream()
                .map(row -> list(row.getChildNodes()).stream()
                        .map(Element::getTextContent)
                        .toList())
                .toList();
    }

    static List<Element> list(NodeList nodes) {
        return IntStream.range(0, nodes.getLength())
                .mapToObj(nodes::item)
                .filter(Element.class::isInstance)
                .map(Element.class::cast)
                .toList();
    }
}
