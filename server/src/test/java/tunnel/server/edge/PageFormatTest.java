package tunnel.server.edge;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PageFormatTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8 | HTML
            TEXT/HTML                                                       | HTML
            application/json, text/html                                     | HTML
            application/json, text/html;q=0.5                               | JSON
            application/json;q=0.5, text/html;q=0.5                         | HTML
            application/json, text/html;q=0                                 | JSON
            application/json;q=0                                            | TEXT
            text/html;q=0                                                   | TEXT
            text/html;level=1;q=0.0                                         | TEXT
            text/html;q=0.001                                               | HTML
            text/html;q=much                                                | TEXT
            application/json                                                | JSON
            application/json ; charset=utf-8 ; q=0.9, */*                   | JSON
            text/plain, application/json;q=0.9                              | TEXT
            */*                                                             | TEXT
            text/*                                                          | TEXT
            ''                                                              | TEXT
            ,;q=,/,;;                                                       | TEXT
            image/png                                                       | TEXT
            """)
    void aVisitorGetsWhatItNames(String accept, PageFormat format) {
        assertThat(PageFormat.of(accept)).isEqualTo(format);
    }
}
