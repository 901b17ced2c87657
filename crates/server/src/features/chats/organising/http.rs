//! Routes of folders, tags and acts on many chats.

use axum::extract::State;
use http::StatusCode;
use serde::{Deserialize, Deserializer, Serialize};
use store::{ChatId, FolderId};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};
use uuid::Uuid;

use super::service::{self, Act};
use crate::{
    app::App,
    error::{Error, Result},
    platform::{
        auth::Principal,
        http::{Json, Path, Time, problem::Problem},
    },
};

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(folders, create_folder))
        .routes(routes!(change_folder, delete_folder))
        .routes(routes!(tags))
        .routes(routes!(bulk))
}

/// Tells a field that is null from one that is absent.
fn present<'de, T: Deserialize<'de>, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<Option<T>>, D::Error> {
    Option::deserialize(deserializer).map(Some)
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct Folder {
    id: Uuid,
    name: String,
    parent_id: Option<Uuid>,
    /// Chats in the folder itself that are not archived.
    chat_count: i64,
    created_at: Time,
}

impl From<service::Folder> for Folder {
    fn from(folder: service::Folder) -> Self {
        Self {
            id: folder.row.id.0,
            name: folder.row.name,
            parent_id: folder.row.parent_id.map(|id| id.0),
            chat_count: folder.chats,
            created_at: folder.row.created_at.into(),
        }
    }
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct FolderPage {
    items: Vec<Folder>,
    /// Always null: all folders come at once.
    next_cursor: Option<String>,
}

#[derive(Serialize, ToSchema)]
struct FolderEnvelope {
    folder: Folder,
}

/// One's folders, oldest first; `parentId` makes a tree of them.
#[utoipa::path(get, path = "/api/folders", operation_id = "list_folders", tag = "chats", responses(
    (status = 200, description = "All folders", body = FolderPage),
    (status = 401, description = "Not signed in", body = Problem, content_type = "application/problem+json")))]
async fn folders(State(app): State<App>, who: Principal) -> Result<Json<FolderPage>> {
    let folders = service::folders(&app, &who).await?;
    Ok(Json(FolderPage {
        items: folders.into_iter().map(Folder::from).collect(),
        next_cursor: None,
    }))
}

#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct NewFolderBody {
    /// A `UUIDv7` of the client's own, which only ever inserts.
    id: Option<Uuid>,
    #[schema(min_length = 1, max_length = 100)]
    name: String,
    /// The folder around it; absent or null: none.
    parent_id: Option<Uuid>,
}

/// Makes a folder; folders nest 8 deep at the most.
#[utoipa::path(post, path = "/api/folders", operation_id = "create_folder", tag = "chats", request_body = NewFolderBody,
    params(("Idempotency-Key" = Option<String>, Header, description = "Makes a repeat safe")),
    responses(
        (status = 201, description = "The folder", body = FolderEnvelope),
        (status = 400, description = "Malformed", body = Problem, content_type = "application/problem+json"),
        (status = 401, description = "Not signed in", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "From another site", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "No such folder around it", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "The id is taken", body = Problem, content_type = "application/problem+json"),
        (status = 413, description = "Too large", body = Problem, content_type = "application/problem+json"),
        (status = 415, description = "Not JSON", body = Problem, content_type = "application/problem+json"),
        (status = 422, description = "A value is not allowed", body = Problem, content_type = "application/problem+json")))]
async fn create_folder(
    State(app): State<App>,
    who: Principal,
    Json(body): Json<NewFolderBody>,
) -> Result<(StatusCode, Json<FolderEnvelope>)> {
    let parent = body.parent_id.map(FolderId);
    let folder = service::create_folder(&app, &who, body.id, &body.name, parent).await?;
    let folder = folder.into();
    Ok((StatusCode::CREATED, Json(FolderEnvelope { folder })))
}

#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct ChangeFolderBody {
    #[schema(min_length = 1, max_length = 100)]
    name: Option<String>,
    /// null puts it at the top.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<Uuid>)]
    parent_id: Option<Option<Uuid>>,
}

/// Renames a folder, or moves it with all that is in it.
#[utoipa::path(patch, path = "/api/folders/{id}", operation_id = "change_folder", tag = "chats", params(("id" = Uuid, Path)),
    request_body = ChangeFolderBody, responses(
        (status = 200, description = "The folder", body = FolderEnvelope),
        (status = 400, description = "Malformed", body = Problem, content_type = "application/problem+json"),
        (status = 401, description = "Not signed in", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "From another site", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "Not there, or not yours", body = Problem, content_type = "application/problem+json"),
        (status = 413, description = "Too large", body = Problem, content_type = "application/problem+json"),
        (status = 415, description = "Not JSON", body = Problem, content_type = "application/problem+json"),
        (status = 422, description = "A value is not allowed, or the folder would be inside itself", body = Problem, content_type = "application/problem+json")))]
async fn change_folder(
    State(app): State<App>,
    who: Principal,
    Path(id): Path<Uuid>,
    Json(body): Json<ChangeFolderBody>,
) -> Result<Json<FolderEnvelope>> {
    let parent = body.parent_id.map(|parent| parent.map(FolderId));
    let name = body.name.as_deref();
    let folder = service::change_folder(&app, &who, FolderId(id), name, parent).await?;
    let folder = folder.into();
    Ok(Json(FolderEnvelope { folder }))
}

/// Deletes a folder; the chats and folders in it move up.
#[utoipa::path(delete, path = "/api/folders/{id}", operation_id = "delete_folder", tag = "chats", params(("id" = Uuid, Path)),
    responses(
        (status = 204, description = "It is gone"),
        (status = 401, description = "Not signed in", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "From another site", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "Not there, or not yours", body = Problem, content_type = "application/problem+json")))]
async fn delete_folder(
    State(app): State<App>,
    who: Principal,
    Path(id): Path<Uuid>,
) -> Result<StatusCode> {
    service::delete_folder(&app, &who, FolderId(id)).await?;
    Ok(StatusCode::NO_CONTENT)
}

#[derive(Serialize, ToSchema)]
struct TagCount {
    tag: String,
    /// Chats that have it, the archived ones too.
    count: i64,
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct TagPage {
    items: Vec<TagCount>,
    /// Always null: all tags come at once.
    next_cursor: Option<String>,
}

/// One's tags in alphabetical order, with how many chats have each.
#[utoipa::path(get, path = "/api/tags", operation_id = "list_tags", tag = "chats", responses(
    (status = 200, description = "All tags", body = TagPage),
    (status = 401, description = "Not signed in", body = Problem, content_type = "application/problem+json")))]
async fn tags(State(app): State<App>, who: Principal) -> Result<Json<TagPage>> {
    let tags = service::tags(&app, &who).await?;
    let items = tags
        .into_iter()
        .map(|(tag, count)| TagCount { tag, count })
        .collect();
    Ok(Json(TagPage {
        items,
        next_cursor: None,
    }))
}

#[derive(Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
enum BulkAction {
    Archive,
    Unarchive,
    Pin,
    Unpin,
    Read,
    Unread,
    Move,
    Tag,
    Untag,
    Delete,
}

#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct BulkBody {
    #[schema(min_items = 1, max_items = 100)]
    ids: Vec<Uuid>,
    action: BulkAction,
    /// Where to, for `move`; null takes the chats out of their folders.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<Uuid>)]
    folder_id: Option<Option<Uuid>>,
    /// For `tag` and `untag`.
    #[schema(min_length = 1, max_length = 40)]
    tag: Option<String>,
}

impl BulkBody {
    fn act(&self) -> Result<Act> {
        let tag = || {
            let tag = self.tag.as_deref();
            let missing = || Error::field("tag", "required", "must name the tag");
            service::checked_tag("tag", tag.ok_or_else(missing)?)
        };
        Ok(match self.action {
            BulkAction::Archive => Act::Archive(true),
            BulkAction::Unarchive => Act::Archive(false),
            BulkAction::Pin => Act::Pin(true),
            BulkAction::Unpin => Act::Pin(false),
            BulkAction::Read => Act::Unread(false),
            BulkAction::Unread => Act::Unread(true),
            BulkAction::Move => {
                let detail = "must name the folder, or be null for none";
                let folder = self.folder_id;
                let folder = folder.ok_or_else(|| Error::field("folderId", "required", detail))?;
                Act::Move(folder.map(FolderId))
            }
            BulkAction::Tag => Act::Tag(tag()?),
            BulkAction::Untag => Act::Untag(tag()?),
            BulkAction::Delete => Act::Delete,
        })
    }
}

#[derive(Serialize, ToSchema)]
struct BulkOutcome {
    changed: Vec<Uuid>,
    /// Not there, or not yours.
    missing: Vec<Uuid>,
}

/// Does one thing to many chats: to all of them or, when something is not allowed, to none.
#[utoipa::path(post, path = "/api/chats/bulk", operation_id = "change_chats", tag = "chats", request_body = BulkBody, responses(
    (status = 200, description = "Which chats it was done to", body = BulkOutcome),
    (status = 400, description = "Malformed", body = Problem, content_type = "application/problem+json"),
    (status = 401, description = "Not signed in", body = Problem, content_type = "application/problem+json"),
    (status = 403, description = "From another site", body = Problem, content_type = "application/problem+json"),
    (status = 404, description = "No such folder", body = Problem, content_type = "application/problem+json"),
    (status = 413, description = "Too large", body = Problem, content_type = "application/problem+json"),
    (status = 415, description = "Not JSON", body = Problem, content_type = "application/problem+json"),
    (status = 422, description = "A value is not allowed", body = Problem, content_type = "application/problem+json")))]
async fn bulk(
    State(app): State<App>,
    who: Principal,
    Json(body): Json<BulkBody>,
) -> Result<Json<BulkOutcome>> {
    let act = body.act()?;
    let ids: Vec<ChatId> = body.ids.into_iter().map(ChatId).collect();
    let (changed, missing) = service::act(&app, &who, &ids, act).await?;
    let bare = |ids: Vec<ChatId>| ids.into_iter().map(|id| id.0).collect();
    Ok(Json(BulkOutcome {
        changed: bare(changed),
        missing: bare(missing),
    }))
}
