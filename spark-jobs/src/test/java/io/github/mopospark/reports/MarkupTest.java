package io.github.mopospark.reports;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class MarkupTest {
    @Test
    void escapesTextsAndAttributes() {
        String hostile = "<script>alert(\"1\" + '2')</script> & \u0000\uD800";

        assertThat(new Markup().element("p", hostile, "title", hostile).finish())
                .isEqualTo(
                        "<p title=\"&lt;script&gt;alert(&quot;1&quot; + &#39;2&#39;)&lt;/script&gt; &amp; \uFFFD\uFFFD\">"
                                + "&lt;script&gt;alert(&quot;1&quot; + &#39;2&#39;)&lt;/script&gt; &amp; \uFFFD\uFFFD</p>\n");
    }

    @Test
    void takesScriptsAndStylesAsTheyStand() {
        assertThat(new Markup().script("if (a > 'b') {}").style("a > b {}").finish())
                .isEqualTo("<script>if (a > 'b') {}</script>\n<style>a > b {}</style>\n");
        assertThatThrownBy(() -> new Markup().script("'</script>'"))
                .hasMessage("the script of a report must have no < and no &");
    }

    @Test
    void refusesToEndWithOpenElements() {
        assertThatThrownBy(() -> new Markup().open("p").finish()).hasMessage("not closed: [p]");
    }
}
