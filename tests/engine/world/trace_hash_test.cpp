#include "world/trace_hash.h"

#include <QCryptographicHash>
#include <QTest>

#include "support/test_registry.h"
#include "world/trace_fields.h"

using namespace streamscope;
using namespace streamscope::world;

class TraceHashTest : public QObject {
  Q_OBJECT
 private slots:
  void canonicalBytesAreAsDescribed() {
    TraceEvent event{5, 3, base::VirtualTime(base::Duration(7)),
                     HighWatermarkMoved{brokerAddress(2), {"ab", 1}, 9, -1}};
    base::Bytes bytes;
    appendCanonicalBytes(event, bytes);
    QCOMPARE(base::toHex(bytes), std::string("0000000000000005"
                                             "0000000000000003"
                                             "0000000000000007"
                                             "000000000000000d"
                                             "0000000000000000"
                                             "0000000000000002"
                                             "0000000000000002"
                                             "6162"
                                             "0000000000000001"
                                             "0000000000000009"
                                             "ffffffffffffffff"));
  }

  void theHashIsSha256OfTheCanonicalBytes() {
    TraceHash hash;
    QCOMPARE(hash.hex(), std::string("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"));
    base::Bytes all;
    for (EventId id = 1; id <= 5000; ++id) {
      const TraceEvent event{id, id / 2, {}, RequestReceived{clientAddress(1), brokerAddress(2), {}, 4}};
      hash.add(event);
      appendCanonicalBytes(event, all);
      // Asking in between changes nothing.
      if (id == 100) hash.hex();
    }
    const QByteArray expected = QCryptographicHash::hash(
        QByteArray(reinterpret_cast<const char*>(all.data()), static_cast<qsizetype>(all.size())),
        QCryptographicHash::Sha256);
    QCOMPARE(hash.hex(), expected.toHex().toStdString());
  }

  void textsCannotBeShiftedAgainstEachOther() {
    base::Bytes one, other;
    appendCanonicalBytes({1, 0, {}, CommandExecuted{"ab", "c"}}, one);
    appendCanonicalBytes({1, 0, {}, CommandExecuted{"a", "bc"}}, other);
    QVERIFY(one != other);
  }
};

STREAMSCOPE_TEST(TraceHashTest);
#include "trace_hash_test.moc"
