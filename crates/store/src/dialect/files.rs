//! The triggers that remember what is to be cleared away when rows go, also by cascade.

use sea_orm::{ConnectionTrait, DbBackend, DbErr};

/// A file whose use by a message ends, and the bytes of a file that is deleted.
pub(crate) async fn remember_garbage(db: &impl ConnectionTrait) -> Result<(), DbErr> {
    let statements: &[&str] = match db.get_database_backend() {
        DbBackend::Postgres => &[
            "CREATE FUNCTION message_attachment_gone() RETURNS trigger LANGUAGE plpgsql \
             SET search_path FROM CURRENT AS $$ BEGIN \
             INSERT INTO file_garbage (id, kind) VALUES (OLD.file_id, 'file') \
             ON CONFLICT DO NOTHING; RETURN NULL; END $$",
            "CREATE TRIGGER message_attachment_gone AFTER DELETE ON message_attachment \
             FOR EACH ROW EXECUTE FUNCTION message_attachment_gone()",
            "CREATE FUNCTION file_gone() RETURNS trigger LANGUAGE plpgsql \
             SET search_path FROM CURRENT AS $$ BEGIN \
             INSERT INTO file_garbage (id, kind) SELECT key, 'blob' \
             FROM unnest(ARRAY[OLD.blob_key, OLD.text_key, OLD.thumb_key]) AS key \
             WHERE key IS NOT NULL ON CONFLICT DO NOTHING; RETURN NULL; END $$",
            "CREATE TRIGGER file_gone AFTER DELETE ON file \
             FOR EACH ROW EXECUTE FUNCTION file_gone()",
        ],
        _ => &[
            "CREATE TRIGGER message_attachment_gone AFTER DELETE ON message_attachment \
             BEGIN INSERT OR IGNORE INTO file_garbage (id, kind) VALUES (OLD.file_id, 'file'); END",
            "CREATE TRIGGER file_gone AFTER DELETE ON file BEGIN \
             INSERT OR IGNORE INTO file_garbage (id, kind) \
             SELECT OLD.blob_key, 'blob' WHERE OLD.blob_key IS NOT NULL; \
             INSERT OR IGNORE INTO file_garbage (id, kind) \
             SELECT OLD.text_key, 'blob' WHERE OLD.text_key IS NOT NULL; \
             INSERT OR IGNORE INTO file_garbage (id, kind) \
             SELECT OLD.thumb_key, 'blob' WHERE OLD.thumb_key IS NOT NULL; END",
        ],
    };
    for statement in statements {
        db.execute_unprepared(statement).await?;
    }
    Ok(())
}
