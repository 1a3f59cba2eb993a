package dev.anystore.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.anystore.s3.XmlReader.MalformedXml;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class XmlReaderTest {
    private static InputStream stream(String text) {
        return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
    }

    private static XmlReader read(String text) throws IOException {
        return XmlReader.of(stream(text));
    }

    /** All texts of the children of the root. */
    private static List<String> children(InputStream in) throws IOException {
        XmlReader xml = XmlReader.of(in);
        xml.root("r");
        List<String> texts = new ArrayList<>();
        while (xml.nextChild()) {
            texts.add(xml.text());
        }
        xml.end();
        return texts;
    }

    @Test
    void childrenAreReadInOrderWhateverStandsBetweenThem() throws Exception {
        XmlReader xml = read("  \n<?xml version='1.0' encoding='UTF-8'?>\n   <!-- c --><r xmlns='http://x/'>"
                + "<a>1</a> <skip><deep><a>no</a></deep></skip><b>tr&amp;ue&#13;<![CDATA[<>]]>&#x1F30D;</b>"
                + "<n> 42 </n><f>true</f><t>2026-11-21T12:00:00.123Z</t><e/></r>  \n");
        xml.root("r");
        assertThat(xml.nextChild()).isTrue();
        assertThat(xml.name()).isEqualTo("a");
        assertThat(xml.text()).isEqualTo("1");
        assertThat(xml.nextChild()).isTrue();
        xml.skip();
        assertThat(xml.nextChild()).isTrue();
        assertThat(xml.text()).isEqualTo("tr&ue\r<>🌍");
        assertThat(xml.nextChild()).isTrue();
        assertThat(xml.number()).isEqualTo(42);
        assertThat(xml.nextChild()).isTrue();
        assertThat(xml.flag()).isTrue();
        assertThat(xml.nextChild()).isTrue();
        assertThat(xml.time()).isEqualTo(Instant.parse("2026-11-21T12:00:00.123Z"));
        assertThat(xml.nextChild()).isTrue();
        assertThat(xml.text()).isEmpty();
        assertThat(xml.nextChild()).isFalse();
        xml.end();
    }

    @Test
    void aDocumentThatIsCutAnywhereIsNoDocument() {
        String whole = "<?xml version=\"1.0\"?><r><a>12</a><b>34</b></r>";
        for (int length = 0; length < whole.length(); length++) {
            String cut = whole.substring(0, length);
            assertThatThrownBy(() -> children(stream(cut))).as(cut).isInstanceOf(MalformedXml.class);
        }
    }

    @Test
    void whatFollowsTheRootIsRefused() {
        assertThatThrownBy(() -> children(stream("<r><a>1</a></r><r/>"))).isInstanceOf(MalformedXml.class);
        assertThatThrownBy(() -> children(stream("<r><a>1</a></r>text"))).isInstanceOf(MalformedXml.class);
    }

    @Test
    void aDocumentTypeIsRefusedAndNothingOutsideIsOpened(@TempDir Path folder) throws Exception {
        Path secret = Files.writeString(folder.resolve("secret"), "SECRET");
        try (ServerSocket trap = new ServerSocket(0)) {
            trap.setSoTimeout(1);
            for (String type : new String[] {
                "<!DOCTYPE r>",
                "<!DOCTYPE r SYSTEM '" + secret.toUri() + "'>",
                "<!DOCTYPE r SYSTEM 'http://127.0.0.1:" + trap.getLocalPort() + "/x'>",
                "<!DOCTYPE r [<!ENTITY e SYSTEM '" + secret.toUri() + "'>]>",
                "<!DOCTYPE r [<!ENTITY % e SYSTEM 'http://127.0.0.1:" + trap.getLocalPort() + "/x'> %e;]>",
                "<!DOCTYPE r [<!ENTITY a '" + "x".repeat(1000) + "'><!ENTITY e '" + "&a;".repeat(1000) + "'>]>"
            }) {
                assertThatThrownBy(() -> children(stream(type + "<r><a>&e;</a></r>")))
                        .isInstanceOf(MalformedXml.class)
                        .message()
                        .doesNotContain("SECRET");
            }
            assertThatThrownBy(trap::accept).isInstanceOf(java.net.SocketTimeoutException.class);
        }
        assertThatThrownBy(() -> children(stream("<r><a>&e;</a></r>"))).isInstanceOf(MalformedXml.class);
    }

    @Test
    void depthTextAndSizeAreBounded() {
        assertThatThrownBy(() -> children(stream("<r>" + "<a>".repeat(40)))).isInstanceOf(MalformedXml.class);
        assertThatThrownBy(() -> {
                    XmlReader xml = read("<r>" + "<a>".repeat(1000));
                    xml.root("r");
                    xml.nextChild();
                    xml.skip();
                })
                .isInstanceOf(MalformedXml.class)
                .hasMessageContaining("deep");
        String text = "x".repeat(XmlReader.MAX_TEXT + 1);
        assertThatThrownBy(() -> children(stream("<r><a>" + text + "</a></r>")))
                .isInstanceOf(MalformedXml.class)
                .hasMessageContaining("characters");
        byte[] piece = "<a>0123456789</a>".repeat(1000).getBytes(StandardCharsets.UTF_8);
        List<InputStream> endless = new ArrayList<>();
        endless.add(stream("<r>"));
        for (int i = 0; i < 2000; i++) {
            endless.add(new ByteArrayInputStream(piece));
        }
        assertThatThrownBy(() -> children(new SequenceInputStream(Collections.enumeration(endless))))
                .isInstanceOf(MalformedXml.class)
                .hasMessageContaining("bytes");
    }

    /** The limits of newer JDKs on entities are smaller; they are meant for documents with types of their own. */
    @Test
    void aPageOfAThousandKeysOfTheLongestKindIsRead() throws Exception {
        StringBuilder page = new StringBuilder("<r>");
        for (int i = 0; i < 10_000; i++) {
            page.append("<a>&quot;d41d8cd98f00b204e9800998ecf8427e&quot;")
                    .append("%C3%A4".repeat(100))
                    .append("</a>");
        }
        assertThat(children(stream(page.append("</r>").toString()))).hasSize(10_000);
    }

    @Test
    void timesAreReadAsTheJvmReadsThem() throws Exception {
        Random random = new Random(3);
        for (int i = 0; i < 10_000; i++) {
            Instant time = Instant.ofEpochMilli(random.nextLong(253_402_300_800_000L));
            String text = time.toString();
            for (String form : new String[] {text, text.replace("Z", "+00:00")}) {
                XmlReader xml = read("<r>" + form + "</r>");
                xml.root("r");
                assertThat(xml.time()).isEqualTo(time);
            }
        }
        for (String wrong : new String[] {
            "2026-02-30T00:00:00.000Z",
            "2026-13-01T00:00:00.000Z",
            "2026-01-01T24:00:00.001Z",
            "2026-01-01T00:60:00.000Z",
            "2026-01-01T00:00:00.0a0Z",
            "+026-01-01T00:00:00.000Z",
            "now"
        }) {
            assertThatThrownBy(() -> {
                        XmlReader xml = read("<r>" + wrong + "</r>");
                        xml.root("r");
                        xml.time();
                    })
                    .as(wrong)
                    .isInstanceOf(MalformedXml.class);
        }
    }

    @Test
    void wrongValuesAreRefusedWithoutBeingRepeatedWhole() {
        for (String wrong : new String[] {"-1", "", "1e3", "99999999999999999999", "+1", "0x1"}) {
            assertThatThrownBy(() -> {
                        XmlReader xml = read("<r>" + wrong + "</r>");
                        xml.root("r");
                        xml.number();
                    })
                    .isInstanceOf(MalformedXml.class);
        }
        assertThatThrownBy(() -> read("<html>").root("r"))
                .isInstanceOf(MalformedXml.class)
                .hasMessage("the answer is <html>, not <r>");
        assertThatThrownBy(() -> {
                    XmlReader xml = read("<r>\u001b[31mevil</r>");
                    xml.root("r");
                    xml.flag();
                })
                .isInstanceOf(MalformedXml.class)
                .message()
                .doesNotContain("\u001b");
    }

    @Test
    void aQuotationThatXmlCantWriteHarmsOnlyItself() throws Exception {
        String odd = "<r><q>a&#x01;b</q><q>a&#1;\u0002\uFFFE</q><a>1&#x41;&amp;#x1;&#65;</a><q>&#xD83D;</q></r>";
        XmlReader xml = XmlReader.ofQuoting(stream(odd));
        xml.root("r");
        List<String> texts = new ArrayList<>();
        int refused = 0;
        while (xml.nextChild()) {
            try {
                texts.add(xml.text());
            } catch (MalformedXml e) {
                refused++;
            }
        }
        xml.end();
        assertThat(texts).containsExactly("1A&#x1;A");
        assertThat(refused).isEqualTo(3);
        assertThatThrownBy(() -> children(stream(odd))).isInstanceOf(MalformedXml.class);
        assertThatThrownBy(() -> XmlReader.ofQuoting(stream("<!DOCTYPE r><r/>")).root("r"))
                .isInstanceOf(MalformedXml.class);
    }

    @Test
    void aFailureOfTheStreamItselfIsNotTakenForABadDocument() {
        InputStream broken = new SequenceInputStream(stream("<r><a>1</a>"), new InputStream() {
            @Override
            public int read() throws IOException {
                throw new IOException("the connection broke");
            }

            @Override
            public int read(byte[] bytes, int offset, int length) throws IOException {
                throw new IOException("the connection broke");
            }
        });
        assertThatThrownBy(() -> children(broken))
                .isInstanceOf(IOException.class)
                .isNotInstanceOf(MalformedXml.class)
                .hasMessage("the connection broke");
    }

    @Test
    void whatIsWrittenIsReadBack() throws Exception {
        String key = "a<b>&\"'\r\n\t\u007f\u0085\u2028ü🌍]]>";
        byte[] document = new XmlWriter("r").element("Key", key).bytes("r");
        assertThat(children(new ByteArrayInputStream(document))).containsExactly(key);
        assertThat(XmlWriter.canCarry(key)).isTrue();
        assertThat(XmlWriter.canCarry("\u0001")).isFalse();
        assertThat(XmlWriter.canCarry("\uffff")).isFalse();
    }
}
