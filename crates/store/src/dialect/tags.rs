//! The trigger that lets the rows of a chat's tags follow it through the list.

use sea_orm::{ConnectionTrait, DbBackend, DbErr};

/// Keeps `archived`, `pinned` and `updated_at` of a chat's tags as the chat has them.
pub(crate) async fn follow_chats(db: &impl ConnectionTrait) -> Result<(), DbErr> {
    let statements: &[&str] = match db.get_database_backend() {
        DbBackend::Postgres => &[
            "CREATE FUNCTION chat_tag_follow() RETURNS trigger LANGUAGE plpgsql \
             SET search_path FROM CURRENT AS $$ BEGIN \
             UPDATE chat_tag SET archived = NEW.archived, pinned = NEW.pinned, \
             updated_at = NEW.updated_at WHERE chat_id = NEW.id; RETURN NULL; END $$",
            "CREATE TRIGGER chat_tag_follow AFTER UPDATE OF archived, pinned, updated_at ON chat \
             FOR EACH ROW WHEN ((OLD.archived, OLD.pinned, OLD.updated_at) \
             IS DISTINCT FROM (NEW.archived, NEW.pinned, NEW.updated_at)) \
             EXECUTE FUNCTION chat_tag_follow()",
        ],
        _ => &[
            "CREATE TRIGGER chat_tag_follow AFTER UPDATE OF archived, pinned, updated_at ON chat \
             BEGIN UPDATE chat_tag SET archived = NEW.archived, pinned = NEW.pinned, \
             updated_at = NEW.updated_at WHERE chat_id = NEW.id; END",
        ],
    };
    for statement in statements {
        db.execute_unprepared(statement).await?;
    }
    Ok(())
}
