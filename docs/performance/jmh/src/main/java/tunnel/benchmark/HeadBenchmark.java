package tunnel.benchmark;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import tunnel.http.BadMessageException;
import tunnel.http.RequestHead;
import tunnel.http.ResponseHead;

/// A head read as the edge reads it: the same object for one message after another, all checks included.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class HeadBenchmark {
    private static final String CURL = """
        GET / HTTP/1.1
        Host: blue-otter.localhost:8080
        User-Agent: curl/8.5.0
        Accept: */*

        """;
    private static final String BROWSER = """
        GET /assets/index-4f1c9b2e.js HTTP/1.1
        Host: blue-otter.tunnel.example.com
        Connection: keep-alive
        sec-ch-ua: "Chromium";v="140", "Not=A?Brand";v="24"
        sec-ch-ua-mobile: ?0
        sec-ch-ua-platform: "Linux"
        User-Agent: Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36
        Accept: */*
        Sec-Fetch-Site: same-origin
        Sec-Fetch-Mode: no-cors
        Sec-Fetch-Dest: script
        Referer: http://blue-otter.tunnel.example.com/
        Accept-Encoding: gzip, deflate, br, zstd
        Accept-Language: en-GB,en;q=0.9
        Cookie: session=5e2f1c0a9d8b7c6f5e4d3c2b1a0f9e8d; theme=dark
        If-None-Match: "4f1c9b2e"

        """;
    private static final String RESPONSE = """
        HTTP/1.1 200 OK
        Server: nginx/1.22.1
        Date: Wed, 25 Nov 2026 12:00:00 GMT
        Content-Type: text/javascript; charset=utf-8
        Content-Length: 18231
        ETag: "4f1c9b2e"
        Cache-Control: max-age=31536000, immutable
        Connection: keep-alive

        """;

    private final ByteBuffer curl = bytes(CURL);
    private final ByteBuffer browser = bytes(BROWSER);
    private final ByteBuffer response = bytes(RESPONSE);
    private final RequestHead request = new RequestHead();
    private final ResponseHead answer = new ResponseHead();

    private static ByteBuffer bytes(String text) {
        byte[] bytes = text.replace("\n", "\r\n").getBytes(ISO_8859_1);
        return ByteBuffer.allocateDirect(bytes.length).put(bytes).flip();
    }

    @Benchmark
    public int requestOf3Fields() throws BadMessageException {
        request.begin(0);
        return request.read(curl, curl.limit());
    }

    @Benchmark
    public int requestOf15Fields() throws BadMessageException {
        request.begin(0);
        return request.read(browser, browser.limit());
    }

    @Benchmark
    public int responseOf7Fields() throws BadMessageException {
        answer.begin(0);
        return answer.read(response, response.limit());
    }
}
