package tunnel.browser;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/// One inspection for all tests of a class.
abstract class InspectionScene {
    static Inspection inspection;
    static Page page;

    @BeforeAll
    static void start() throws Exception {
        inspection = new Inspection();
        page = inspection.page();
    }

    @AfterAll
    static void stop() throws Exception {
        if (inspection != null) {
            inspection.close();
        }
    }
}
