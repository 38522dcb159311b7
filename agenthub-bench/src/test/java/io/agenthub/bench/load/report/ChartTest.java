package io.agenthub.bench.load.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.StringReader;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;

class ChartTest {

    private static Document draw(Chart.Line... lines) throws Exception {
        Chart.Panel panel = new Chart.Panel("Calls <each> & all", "connections", List.of(lines));
        String svg = new Chart(List.of(panel, panel)).render();
        return DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(new InputSource(new StringReader(svg)));
    }

    private static Chart.Line line(double... xy) {
        List<Chart.Point> points = new java.util.ArrayList<>();
        for (int i = 0; i < xy.length; i += 2) {
            points.add(new Chart.Point(xy[i], xy[i + 1]));
        }
        return new Chart.Line("agenthub", points);
    }

    @Test
    void isWellFormedAndShowsEachPointInEachPanel() throws Exception {
        Document svg = draw(line(1, 8_000, 1_000, 80_000), line(1, 100));

        assertEquals(6, svg.getElementsByTagName("circle").getLength());
        assertEquals(4, svg.getElementsByTagName("polyline").getLength());
    }

    @Test
    void tenTimesAsMuchIsEquallyFarWhereverItStarts() throws Exception {
        NodeList points = draw(line(1, 10, 10, 100, 100, 1_000)).getElementsByTagName("circle");

        assertEquals(at(points, 1, "cx") - at(points, 0, "cx"), at(points, 2, "cx") - at(points, 1, "cx"), 0.2);
        assertEquals(at(points, 0, "cy") - at(points, 1, "cy"), at(points, 1, "cy") - at(points, 2, "cy"), 0.2);
        assertTrue(at(points, 0, "cy") > at(points, 1, "cy"), "more is further up");
    }

    @Test
    void withoutLinesItIsEmptyButWellFormed() throws Exception {
        assertEquals(0, draw().getElementsByTagName("circle").getLength());
    }

    private static double at(NodeList circles, int index, String attribute) {
        return Double.parseDouble(((Element) circles.item(index)).getAttribute(attribute));
    }
}
