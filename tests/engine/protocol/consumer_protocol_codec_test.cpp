#include "protocol/consumer_protocol_codec.h"

#include <QTest>

#include "support/test_registry.h"

using namespace streamscope;
using namespace streamscope::protocol;

class ConsumerProtocolCodecTest : public QObject {
  Q_OBJECT
 private slots:
  void everyVersionComesBack() {
    ConsumerProtocolSubscription subscription{
        {"orders", "payments"}, base::SharedBytes(base::Bytes{1, 2}), {{"orders", {0, 2}}}, 7, "r1"};
    for (int16_t version = 0; version <= 3; ++version) {
      const auto back = decodeSubscription(encodeSubscription(subscription, version));
      QVERIFY(back.has_value());
      QVERIFY(back->topics == subscription.topics && back->userData == subscription.userData);
      QCOMPARE(back->ownedPartitions.size(), size_t{version >= 1 ? 1U : 0U});
      QCOMPARE(back->generationId, version >= 2 ? 7 : -1);
      QCOMPARE(back->rackId.has_value(), version >= 3);
    }
    const ConsumerProtocolAssignment assignment{{{"orders", {1}}}, std::nullopt};
    QVERIFY(decodeAssignment(encodeAssignment(assignment, 3)) == assignment);
  }

  void aNewerVersionIsReadAsTheNewestKnown() {
    const ConsumerProtocolAssignment assignment{{{"orders", {1}}}, std::nullopt};
    base::Bytes bytes = encodeAssignment(assignment, 3);
    bytes[1] = 9;
    bytes.push_back(77);
    QVERIFY(decodeAssignment(bytes) == assignment);
    QVERIFY(consumerProtocolVersion(bytes) == int16_t{9});
  }

  void noBytesAreAnEmptyAssignment() {
    QVERIFY(decodeAssignment({}) == ConsumerProtocolAssignment{});
    QVERIFY(!decodeSubscription({}).has_value());
  }

  void everyTruncationIsRefused() {
    const base::Bytes whole = encodeSubscription({{"orders"}, std::nullopt, {{"orders", {0}}}, 1, "r"}, 3);
    for (size_t length = 0; length < whole.size(); ++length)
      QVERIFY(
          !decodeSubscription(base::SharedBytes(base::Bytes(whole.begin(), whole.begin() + static_cast<long>(length))))
               .has_value());
    base::Bytes negative = whole;
    negative[0] = 0x80;
    QVERIFY(!decodeSubscription(negative).has_value());
  }
};

STREAMSCOPE_TEST(ConsumerProtocolCodecTest);
#include "consumer_protocol_codec_test.moc"
