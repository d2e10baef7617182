"""Frameworks of documents with metadata: the real ones, each with a page through its own pipeline."""

import asyncio
import importlib
import os

import pytest

from cleannews import CleanOptions, Document, clean, learn_site
from cleannews.boilerplate.sites import SiteProfiles
from cleannews.integrations.documents import CONFIDENCE, RULES, WARNINGS, story_of

URL = "https://harbour.example/bridge"
STORY = "The council voted to close the old bridge, the mayor said on Monday."
PAGE = (
    "<html><head><title>Bridge to close</title></head><body><nav>Home</nav><article>"
    f"<h1>Bridge to close</h1><p>By Ana Ruiz</p><p>{STORY}</p></article></body></html>"
)
FLAT = f"[ad_1]\n\n{STORY}\n\nSource link"
PICTURE = f"{STORY}\n\n(Photo: Reuters)"


def need(name):
    """Import a framework; where it is promised to be there, its absence is no reason to skip."""
    if os.environ.get("CLEANNEWS_ALL_FRAMEWORKS"):
        return importlib.import_module(name)
    return pytest.importorskip(name)


# --- what they share ------------------------------------------------------------------------------


def told(text, metadata, **how):
    how = {"url_field": "url", "options": None, "site": None, **how}
    return story_of(text, metadata, **how)


def test_what_was_learned_is_added_and_nothing_is_replaced():
    story = told(PAGE, {"url": URL, "title": "Mine", "k": 1})
    assert story.text == STORY
    assert story.metadata["title"] == "Mine"
    assert story.metadata["authors"] == ["Ana Ruiz"]
    assert (story.metadata["k"], story.metadata["url"]) == (1, URL)
    assert story.metadata[CONFIDENCE] == story.confidence > 0
    assert story.metadata[RULES] == clean(PAGE).rules_hash


def test_warnings_are_told_by_their_codes():
    assert told("The bridge is shut.", {}).metadata[WARNINGS] == ["no_prose"]


@pytest.mark.parametrize("source", ["/data/a.txt", "a.txt", None, 7])
def test_only_web_addresses_count_as_addresses(source):
    assert "site" not in told(FLAT, {"url": source}).metadata


@pytest.mark.parametrize("text", [None, 5])
def test_a_document_without_text_has_no_story(text):
    assert told(text, {}) is None


# --- LangChain ------------------------------------------------------------------------------------


def langchain():
    need("langchain_core")
    from cleannews.integrations import langchain

    return langchain


def test_langchain_between_loader_and_splitter():
    module = langchain()
    page = module.Document(page_content=PAGE, metadata={"source": URL}, id="7")
    (made,) = module.CleanNewsTransformer().transform_documents([page])
    assert (made.page_content, made.id) == (STORY, "7")
    assert made.metadata["authors"] == ["Ana Ruiz"]
    assert page.page_content == PAGE
    assert page.metadata == {"source": URL}


def test_langchain_options_and_threshold():
    module = langchain()
    pages = [module.Document(page_content=text) for text in (PICTURE, "Home")]
    step = module.CleanNewsTransformer(
        options=CleanOptions(captions="keep"), minimum_confidence=0.6
    )
    assert [d.page_content for d in step.transform_documents(pages)] == [PICTURE]


def test_langchain_async_is_the_same():
    module = langchain()
    step, pages = module.CleanNewsTransformer(), [module.Document(page_content=FLAT)]
    assert asyncio.run(step.atransform_documents(pages)) == step.transform_documents(pages)


# --- LlamaIndex -----------------------------------------------------------------------------------


def llamaindex():
    need("llama_index.core")
    from cleannews.integrations import llamaindex

    return llamaindex


def test_llamaindex_as_the_first_step_of_a_pipeline():
    module = llamaindex()
    from llama_index.core import Document as Node
    from llama_index.core.ingestion import IngestionPipeline
    from llama_index.core.schema import MetadataMode

    page = Node(text=PAGE, metadata={"url": URL}, id_="7")
    pipeline = IngestionPipeline(transformations=[module.CleanNewsTransform()])
    (made,) = pipeline.run(documents=[page])
    assert (made.text, made.node_id) == (STORY, "7")
    assert made.metadata["authors"] == ["Ana Ruiz"]
    assert "cleannews" not in made.get_content(MetadataMode.EMBED)
    assert "cleannews" not in made.get_content(MetadataMode.LLM)
    assert page.text == PAGE
    assert page.metadata == {"url": URL}


def test_llamaindex_options_threshold_and_empty_nodes():
    module = llamaindex()
    from llama_index.core import Document as Node

    step = module.CleanNewsTransform(options=CleanOptions(captions="keep"), minimum_confidence=0.6)
    nodes = [Node(text=PICTURE), Node(text="Home"), Node(text="")]
    assert [n.text for n in step(nodes)] == [PICTURE, ""]


# --- Haystack -------------------------------------------------------------------------------------


def haystack():
    need("haystack")
    from cleannews.integrations import haystack

    return haystack


def run_haystack(step, *documents):
    from haystack import Pipeline

    pipeline = Pipeline()
    pipeline.add_component("clean", step)
    # Written and read again, as users keep their pipelines.
    read = Pipeline.loads(
        pipeline.dumps(), allowed_modules=["cleannews.integrations.haystack", "haystack.*"]
    )
    return read.run({"clean": {"documents": list(documents)}})["clean"]["documents"]


def test_haystack_in_a_pipeline_that_was_written_and_read():
    module = haystack()
    page = module.Document(content=PAGE, meta={"url": URL})
    (made,) = run_haystack(module.CleanNewsCleaner(), page)
    assert made.content == STORY
    assert made.meta["authors"] == ["Ana Ruiz"]
    assert made.meta["source_id"] == page.id != made.id
    assert page.content == PAGE
    assert page.meta == {"url": URL}


def test_haystack_settings_survive_the_pipeline_file():
    module = haystack()
    step = module.CleanNewsCleaner(
        options=CleanOptions(captions="keep"), minimum_confidence=0.6, keep_id=True
    )
    documents = [module.Document(content=text) for text in (PICTURE, "Home", None)]
    made = run_haystack(step, *documents)
    assert [d.content for d in made] == [PICTURE, None]
    assert made[0].id == documents[0].id


@pytest.mark.parametrize("is_for_all", [True, False])
def test_haystack_keeps_site_profiles(is_for_all):
    module = haystack()
    pages = [Document(f"Our papers\n{STORY[:n]}", url=f"{URL}/{n}") for n in (30, 40, 50)]
    profile = learn_site(pages)
    step = module.CleanNewsCleaner(site=profile if is_for_all else SiteProfiles((profile,)))
    page = module.Document(content=f"Our papers\n{STORY}", meta={"url": f"{URL}/4"})
    (made,) = run_haystack(step, page)
    assert made.content == STORY
