#include "base/uuid.h"

#include <QTest>

#include "base/random.h"
#include "support/test_registry.h"

using namespace streamscope;

class UuidTest : public QObject {
  Q_OBJECT
 private slots:
  void metadataTopicIdIsKafkasText() {
    QCOMPARE(base::kMetadataTopicId.toString(), std::string("AAAAAAAAAAAAAAAAAAAAAQ"));
  }

  void textRoundTrips() {
    base::Random random(3);
    for (int i = 0; i < 200; ++i) {
      const base::Uuid id = random.uuid();
      QCOMPARE(base::Uuid::parse(id.toString()).value(), id);
      QCOMPARE(base::Uuid::fromBytes(id.toBytes().data()), id);
    }
  }

  void badTextIsRefused() {
    QVERIFY(!base::Uuid::parse("short").has_value());
    QVERIFY(!base::Uuid::parse("AAAAAAAAAAAAAAAAAAAA!Q").has_value());
  }
};

STREAMSCOPE_TEST(UuidTest);
#include "uuid_test.moc"
